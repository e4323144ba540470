import type { BreakerOptions } from '../breaker/breaker-options.js'
import type { QuarantineOptions } from '../caller-ids/quarantine.js'
import { OutdialError } from '../errors/outdial-error.js'
import type { ScopeLimits } from '../jobs/gates.js'
import { checkEngineLimits } from '../jobs/scope-limits.js'
import type { RouteRates } from '../money/route-rates.js'
import type { CallerIdSharing } from '../operations/caller-id-pool.js'
import { parseObject } from '../policy/objects.js'
import type { Accounts } from '../ports/accounts.js'
import type { Carrier, Placed } from '../ports/carrier.js'
import type { Clock } from '../ports/clock.js'
import type { ContactReader } from '../ports/contacts.js'
import type { Directory } from '../ports/directory.js'
import type { IdSource, Random } from '../ports/ids.js'
import type { LedgerSink } from '../ports/ledger.js'
import type { ResourceBackend } from '../ports/resources.js'
import { STORAGE_PORT_VERSION, type Storage } from '../ports/storage.js'
import type { ZoneFinder } from '../ports/zones.js'

/**
 * A carrier, whatever variables it wants. What `place` takes is left open, so that a carrier made in the options of an
 * engine is not taken for one that wants none.
 */
export type AnyCarrier = Omit<Carrier<never>, 'place'> & { place(attempt: never): Promise<Placed> }

/** Carriers by the name that jobs give; a job has to provide the variables that its carrier wants. */
export type Carriers = Readonly<Record<string, AnyCarrier>>

/** What an engine is made of. */
export interface EngineOptions<Routes extends Carriers = Carriers> {
  storage: Storage
  /** Where calls are placed, by the name that jobs give. */
  carriers?: Routes
  /** What operations jobs work on. */
  resources?: readonly ResourceBackend[]
  clock: Clock
  ids: IdSource
  random: Random
  contacts: ContactReader
  /**
   * Knows the time zones of numbers, for contacts that have none of their own; `numberZones()` of `@outdial/contacts`. Default: nobody does, and such contacts
   * have the zone of their job. All processes of a store should have the same.
   */
  zones?: ZoneFinder | undefined
  /** Asked for an organization's limits and weight when it creates a job. Default: nobody has any. */
  directory?: Directory
  /**
   * What calls cost, by carrier: data by number prefix, or a table of the host's own. With rates of its carrier a job has budgets, and
   * each call is reckoned with; a number without a rate is not called. Jobs keep to what there was when they were made.
   */
  rates?: RouteRates
  /** Balances: a job of an organization (or with an option) that names an account sets money aside there, where its carrier has rates. */
  accounts?: Accounts
  limits?: {
    /** Over everything this store does. */
    everything?: ScopeLimits
    /** By carrier name or `resources:TYPE`. A carrier's own `cps` is the default pace of its route. */
    routes?: Readonly<Record<string, ScopeLimits>>
  }
  /**
   * Routes that this process dials and reconciles; default all. An empty list: it only creates and controls jobs and
   * takes webhooks.
   */
  dial?: readonly string[]
  /**
   * Whose campaigns keep a number from being deleted by a bulk operation: those of the organization that deletes (`own`), or
   * everybody's (`any`, the default), since nothing keeps a campaign from calling from a number of another organization
   * unless a transport does. Reads the jobs that have not ended: with very many of them, and caller ids that are not shared, say `own`.
   */
  callerIds?: CallerIdSharing
  /**
   * Where a record of every attempt goes; see {@link LedgerSink}. Entries are written with the end of each call and kept by the store until the
   * sink has them. `keep`: they are written, and another process has the sink. Campaigns created with it keep their ledger whoever
   * works on them. Default: none is written.
   */
  ledger?: LedgerSink | 'keep'
  /** When a number is closed because calls from it are blocked. Default: 3 within 1 h close it for 24 h. `false`: never. */
  quarantine?: QuarantineOptions | false
  /**
   * When a route or a number is taken for broken. Default: half of at least 20 calls of the last minute. `false`: never, and one
   * that others have found broken is let go when this engine starts to dial it. All engines on a store say the same.
   */
  breaker?: BreakerOptions | false
  /** Requests to one carrier under way at once. Default 64. */
  placeAtOnce?: number
  /** Nothing is dialed whose fence could be forgotten by a crash of the store. Refused by stores that cannot. Default false. */
  durable?: boolean
}

/** What could only fail later is refused when the engine is made. */
export function checkOptions(options: EngineOptions): void {
  const { storage, carriers = {}, dial, placeAtOnce = 1 } = options
  if (storage.capabilities.portVersion !== STORAGE_PORT_VERSION) {
    throw new OutdialError(
      'storage_mismatch',
      `The storage adapter speaks version ${storage.capabilities.portVersion} of the storage port, this engine version ${STORAGE_PORT_VERSION}. Use matching versions of the packages.`,
      { field: 'storage' },
    )
  }
  if (options.durable && !storage.capabilities.durable) {
    throw new OutdialError(
      'not_durable',
      'This storage cannot promise durability. Leave `durable` out, or use a storage that can.',
      {
        field: 'durable',
      },
    )
  }
  for (const [name, { capabilities, lookup, hangup }] of Object.entries(carriers)) {
    const field = `carriers.${name}`
    if (/[\s:]/.test(name) || name === '') {
      throw invalid(field, 'a carrier has a name without spaces and colons')
    }
    const { cps } = capabilities
    if (cps !== undefined && !(cps > 0 && cps <= 100_000)) {
      throw invalid(`${field}.capabilities.cps`, 'expected starts per second, more than 0 and at most 100,000')
    }
    if (capabilities.lookup && !lookup) throw invalid(field, 'says that it can look calls up, and has no `lookup`')
    if (capabilities.hangup && !hangup) throw invalid(field, 'says that it can hang up, and has no `hangup`')
  }
  if (!Number.isInteger(placeAtOnce) || placeAtOnce < 1) throw invalid('placeAtOnce', 'expected a whole number from 1')
  checkEngineLimits(options.limits)
  const { ledger, accounts, zones } = options
  if (ledger !== undefined && ledger !== 'keep') needs(ledger, 'ledger', ['append'])
  if (accounts !== undefined) needs(accounts, 'accounts', ['balance', 'reserve', 'commit', 'release'])
  if (zones !== undefined) needs(zones, 'zones', ['zonesOf'])
  const known = new Set([...Object.keys(carriers), ...(options.resources ?? []).map(({ type }) => `resources:${type}`)])
  for (const route of Object.keys(options.limits?.routes ?? {}))
    if (!known.has(route)) throw invalid(`limits.routes.${route}`, 'there is no such route')
  for (const route of dial ?? []) if (!known.has(route)) throw invalid('dial', `there is no route '${route}'`)
}

/** What is used hours later, when money is booked or a call has ended, has to be there from the start. */
function needs(given: object, field: string, methods: readonly string[]): void {
  const has = parseObject(given, field) as Readonly<Record<string, unknown>>
  for (const method of methods)
    if (typeof has[method] !== 'function') throw invalid(field, `has no method \`${method}\``)
}

function invalid(field: string, problem: string): OutdialError {
  return new OutdialError('invalid_options', `${field}: ${problem}`, { field })
}
