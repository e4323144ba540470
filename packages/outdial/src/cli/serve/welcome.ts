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
    `Outdial ${version} listens on ${base}, storage: ${store}. Calls are simulated: no one is called.`,
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
  const [owned] = config.inventory?.numbers?.[first.organization] ?? []
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

function nameOf({ organizations }: Config, id: string): string {
  const name = organizations.find((one) => one.id === id)?.name
  return name === undefined ? id : `${id}, ${name}`
}
