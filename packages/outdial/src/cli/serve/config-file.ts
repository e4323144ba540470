import { BadInput } from '../exit.js'
import { jsonFrom } from '../json-file.js'
import { type Config, configSchema } from './config.js'

/** Reads and checks a file of configuration. Throws `BadInput` naming the file and everything that is wrong in it. */
export async function configFrom(path: string): Promise<Config> {
  return checkedConfig(await jsonFrom(path, '--config'), path)
}

/** Checks a configuration. Throws `BadInput` with a line for each thing that is wrong. */
export function checkedConfig(value: unknown, path: string): Config {
  const result = configSchema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => {
    const at = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] as string] : issue.path
    return `  ${nameOf(at)}: ${issue.code === 'unrecognized_keys' ? 'is not known' : issue.message}`
  })
  throw new BadInput([`--config: ${path} has mistakes`, ...problems].join('\n'), 'See: docs/serve.md')
}

/** `keys[0].key` */
function nameOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? String(step) : `${text}.${String(step)}`
  }, '')
}

/** What the environment has under a name. Throws `BadInput` naming the field that asks for it when there is nothing, or too little. */
export function secretFrom({ env }: { env: string }, field: string, shortest = 1): string {
  const value = process.env[env]
  if (value === undefined || value === '') throw new BadInput(`${field}: the environment has no ${env}`)
  if (value.length < shortest) throw new BadInput(`${field}: ${env} is shorter than ${shortest} characters`)
  return value
}
