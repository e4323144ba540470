import type { Config } from './config.js'
import type { MadeKey } from './credentials.js'
import { type DialectName, exampleOf } from './dialects.js'

/** What is shown when keys were made: they are told here and nowhere else. */
export function welcome(
  config: Config,
  made: readonly MadeKey[],
  { version, base, store }: { version: string; base: string; store: string },
): string[] {
  const [first] = made
  const lines = [
    `Outdial ${version} listens on ${base}, storage: ${store}. ${whoIsCalled(config)}`,
    '',
    'Keys, made now and shown only here:',
    ...made.flatMap(({ organization, key, secret }) => [
      `  organization ${nameOf(config, organization)}`,
      `    key     ${key}`,
      ...(secret === undefined ? [] : [`    secret  ${secret}`]),
    ]),
  ]
  if (!first) return lines
  const number = config.numbers.find(({ organization, agent }) => organization === first.organization && agent)
  const inventory = config.resources?.kind === 'simulated' ? config.resources.numbers : undefined
  const [owned] = inventory?.[first.organization] ?? []
  const seed = {
    base: `${base}${config.basePath ?? ''}`,
    key: first.key,
    secret: first.secret ?? '',
    from: number?.phone ?? '+13035550100',
    numberId: number?.id ?? 'pn_1',
    agent: number?.agent ?? 'agent_1',
    owned: typeof owned === 'string' ? owned : (owned?.phonenumber ?? '+14155550150'),
  }
  const names = config.dialects.map((one): DialectName => (typeof one === 'string' ? one : one.name))
  return [...lines, '', 'Try it:', ...names.flatMap((name) => [`# ${name}`, exampleOf(name, seed)])]
}

function whoIsCalled({ carriers }: Config): string {
  const real = Object.entries(carriers).flatMap(([name, { kind }]) => (kind === 'simulated' ? [] : [name]))
  return real.length === 0 ? 'Calls are simulated: no one is called.' : `Calls by ${real.join(', ')} are real.`
}

function nameOf({ organizations }: Config, id: string): string {
  const name = organizations.find((one) => one.id === id)?.name
  return name === undefined ? id : `${id}, ${name}`
}
