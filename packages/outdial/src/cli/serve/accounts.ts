import { type AnyCarrier, isOutdialError, type ResourceBackend } from '@outdial/core'
import { BadInput } from '../exit.js'
import { type AccountGiven, type AccountKind, READ_FROM_ENVIRONMENT } from './account-kinds.js'
import type { Config } from './config.js'
import { secretFrom } from './config-file.js'

/** An account of the configuration, with what the environment has of it. */
export interface Account {
  /** Where it is in the file: `carriers.main`. */
  readonly field: string
  readonly kind: AccountKind
  readonly options: Readonly<Record<string, unknown>>
}

/** All of them. */
export interface Accounts {
  /** By the name of the carrier. */
  readonly carriers: ReadonlyMap<string, Account>
  readonly resources: Account | undefined
  /** What came from the environment: never written anywhere. */
  readonly secrets: readonly string[]
}

const PACKAGE = '@outdial/transport-telephony'

/** Who wants no carrier of a service loads none. */
const MODULES: Readonly<Record<AccountKind, () => Promise<object>>> = {
  twilio: () => import('@outdial/transport-telephony/twilio'),
  telnyx: () => import('@outdial/transport-telephony/telnyx'),
  http: () => import('@outdial/transport-telephony/http'),
}

/** Reads what the environment has of the accounts. Throws `BadInput` naming the option whose variable is not there. */
export function accountsOf(config: Config): Accounts {
  const secrets: string[] = []
  const carriers = new Map<string, Account>()
  for (const [name, given] of Object.entries(config.carriers)) {
    if (given.kind === 'simulated') continue
    const field = `carriers.${name}`
    const { webhookUrl = webhookAddress(config, name), ...options } = accountOptions(given, field, secrets)
    carriers.set(name, {
      field,
      kind: given.kind,
      options: { ...options, ...(webhookUrl !== undefined && { webhookUrl }) },
    })
  }
  const { resources } = config
  if (resources === undefined || resources.kind === 'simulated') return { carriers, resources: undefined, secrets }
  const options = accountOptions(resources, 'resources', secrets)
  checkOwners(config, options)
  return { carriers, resources: { field: 'resources', kind: resources.kind, options }, secrets }
}

/** Makes the carrier of an account. Throws `BadInput` for options that cannot be, by their place in the file. */
export function carrierOf(account: Account): Promise<AnyCarrier> {
  const { kind, options } = account
  const { concurrency: _, cps, capabilities, ...rest } = options
  // A pace is one of the things that a service of the HTTP protocol may be said to have.
  const paced =
    kind === 'http'
      ? { capabilities: { ...(capabilities as object | undefined), ...(cps !== undefined && { cps }) } }
      : cps !== undefined && { cps }
  return made<AnyCarrier>(account, 'Carrier', { ...rest, ...paced })
}

/** Makes the back end of an account likewise. */
export function numbersOf(account: Account): Promise<ResourceBackend> {
  const { cps: _, apiKeys, ...rest } = account.options
  const keys = apiKeys as Readonly<Record<string, string>> | undefined
  const apiKey =
    keys && ((organization: string) => (Object.hasOwn(keys, organization) ? keys[organization] : undefined))
  return made<ResourceBackend>(account, 'Numbers', { ...rest, ...(apiKey && { apiKey }) })
}

async function made<Made>({ kind, field, options: given }: Account, what: string, options: object): Promise<Made> {
  const loaded = (await MODULES[kind]().catch((error: unknown) => notLoaded(field, error))) as Record<string, unknown>
  const make = loaded[`${kind}${what}`] as ((options: object) => Made) | undefined
  if (!make) throw new BadInput(`${field}: the ${PACKAGE} that is installed has no ${kind}${what}`)
  try {
    return make(options)
  } catch (error) {
    if (!isOutdialError(error, 'invalid_options')) throw error
    const address = error.details.field === 'webhookUrl' && given.webhookUrl === undefined
    const hint = address ? 'With publicUrl in the file it is found by itself.' : 'See: docs/serve.md'
    throw new BadInput(`${field}.${error.message}`, hint)
  }
}

function notLoaded(field: string, error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException
  const hint = code === 'ERR_MODULE_NOT_FOUND' ? `Install it beside outdial: npm install ${PACKAGE}` : undefined
  throw new BadInput(`${field}: needs ${PACKAGE}, which cannot be loaded: ${message}`, hint)
}

/** The options of an account, with what the environment has in place of what names it. */
function accountOptions(
  { kind: _, ...given }: AccountGiven,
  field: string,
  secrets: string[],
): Record<string, unknown> {
  const read = (value: unknown, at: string, deep: boolean): unknown => {
    if (Array.isArray(value)) return value.map((one, i) => read(one, `${at}[${i}]`, false))
    if (typeof value !== 'object' || value === null) return value
    if (isNamed(value)) {
      const found = secretFrom(value, at)
      secrets.push(found)
      return found
    }
    if (!deep) return value
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, read(one, `${at}.${name}`, false)]))
  }
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      READ_FROM_ENVIRONMENT.has(name) ? read(value, `${field}.${name}`, true) : value,
    ]),
  )
}

function isNamed(value: object): value is { env: string } {
  const { env, ...more } = value as { env?: unknown }
  return typeof env === 'string' && Object.keys(more).length === 0
}

/** Where a service reaches the webhooks of a carrier, if it is known how this server is reached. */
function webhookAddress({ publicUrl }: Config, name: string): string | undefined {
  return publicUrl && `${publicUrl.replace(/\/+$/, '')}/carriers/${encodeURIComponent(name)}/events`
}

/** Of several organizations none may change or delete the numbers of another, so it has to be said whose are whose. */
function checkOwners({ organizations }: Config, options: Readonly<Record<string, unknown>>): void {
  if (organizations.length < 2 || options.accounts !== undefined || options.apiKeys !== undefined) return
  throw new BadInput(
    'resources: there are several organizations, and each would have all numbers of the account',
    'Say whose are whose: accounts (twilio) or apiKeys (telnyx), see docs/serve.md.',
  )
}
