import { type AccountProblem, isOutdialError } from '@outdial/core'
import { BadInput } from '../exit.js'

/** Says what is wrong with the accounts of carriers and back ends, a line for each, by its place in the file. Whatever else it was is thrown on. */
export function misconfigured(error: unknown): never {
  if (!isOutdialError(error, 'carrier_misconfigured')) throw error
  const problems = error.details.problems as readonly ({ route: string } & AccountProblem)[]
  const lines = problems.map(({ route, field, message }) => `  ${placeOf(route)}.${field}: ${message}`)
  throw new BadInput(['an account cannot do its work as it is set up', ...lines].join('\n'), 'See: docs/serve.md')
}

function placeOf(route: string): string {
  return route.startsWith('resources:') ? 'resources' : `carriers.${route}`
}
