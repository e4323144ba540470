import {
  type CallerNumber,
  type Directory,
  type Organization,
  type OrganizationLimits,
  OutdialError,
} from '@outdial/core'
import { credentialHash, sameHash } from './credential-hash.js'

/** An API key of an organization. Only its hash is kept. */
export interface ApiKey {
  key: string
  /** For services that use a pair. */
  secret?: string
  organization: string
  /** What it may be used for; what the words mean is the transport's business. Default: everything (`*`). */
  scopes?: readonly string[]
}

/** What a {@link memoryDirectory} knows. */
export interface MemoryDirectoryOptions {
  organizations?: readonly Organization[]
  numbers?: readonly CallerNumber[]
  keys?: readonly ApiKey[]
}

interface StoredKey {
  readonly hash: Uint8Array
  readonly organization: string
  readonly scopes: readonly string[]
}

/**
 * A directory from a list: for tests, development, and hosts whose tenants are known when they start. Throws
 * `invalid_options` for an id given twice, or a number or key of an organization that is not there.
 */
export function memoryDirectory(options: MemoryDirectoryOptions = {}): Directory {
  const organizations = byId(options.organizations ?? [], 'organizations')
  const numbers = byId(options.numbers ?? [], 'numbers')
  const owned = new Map<string, CallerNumber>()
  for (const [i, number] of (options.numbers ?? []).entries()) {
    known(organizations, number.organization, `numbers[${i}]`)
    const key = ownership(number.organization, number.phone)
    // The same phone under two ids: the first one answers for it.
    if (!owned.has(key)) owned.set(key, number)
  }
  for (const [i, { organization }] of (options.keys ?? []).entries()) known(organizations, organization, `keys[${i}]`)
  const keys: Promise<StoredKey[]> = Promise.all(
    (options.keys ?? []).map(async ({ organization, scopes = ['*'], ...credential }) => {
      return { hash: await credentialHash(credential), organization, scopes }
    }),
  )
  return {
    async changeLimits(id, { concurrency, cps, moneyPerDay }, at) {
      const there = organizations.get(id)
      if (!there) throw invalid('organization', `there is no '${id}'`)
      const changed = { ...there, limitsSince: at }
      if (concurrency !== undefined) set(changed, 'concurrency', concurrency)
      if (cps !== undefined) set(changed, 'cps', cps)
      if (moneyPerDay !== undefined) set(changed, 'moneyPerDay', moneyPerDay)
      organizations.set(id, changed)
    },
    organization: async (id) => organizations.get(id),
    callerNumber: async (id) => numbers.get(id),
    ownNumber: async (organization, phone) => owned.get(ownership(organization, phone)),
    async authenticate(credential) {
      const hash = await credentialHash(credential)
      // Every key is compared, whole, so that the time taken says nothing about which came near.
      let found: StoredKey | undefined
      for (const key of await keys) if (sameHash(key.hash, hash)) found = key
      return found && { organization: found.organization, scopes: found.scopes }
    },
  }
}

/** No phone has a space, so that no two pairs look the same. */
const ownership = (organization: string, phone: string): string => `${phone} ${organization}`

function set(
  organization: { -readonly [Name in keyof OrganizationLimits]?: number },
  name: keyof OrganizationLimits,
  limit: number | null,
): void {
  if (limit === null) delete organization[name]
  else organization[name] = limit
}

function byId<T extends { readonly id: string }>(items: readonly T[], field: string): Map<string, T> {
  const map = new Map<string, T>()
  for (const [i, item] of items.entries()) {
    if (map.has(item.id)) throw invalid(`${field}[${i}].id`, `'${item.id}' is there already`)
    map.set(item.id, item)
  }
  return map
}

function known(organizations: ReadonlyMap<string, Organization>, id: string, field: string): void {
  if (!organizations.has(id)) throw invalid(`${field}.organization`, `there is no organization '${id}'`)
}

function invalid(field: string, problem: string): OutdialError {
  return new OutdialError('invalid_options', `${field}: ${problem}`, { field })
}
