import { breakerKeys } from '../breaker/breaker-keys.js'
import { dayLimit } from '../caller-ids/day-limit.js'
import { OutdialError } from '../errors/outdial-error.js'
import { organizationLimit, parseMoney } from '../money/budget.js'
import type { Gate } from '../ports/storage-jobs.js'
import type { Limit } from '../ports/storage-limits.js'

/** The limits of one scope, as users give them. `null` takes a limit away, what is left out stays. */
export interface ScopeLimits {
  /**
   * Live calls (or operations) at once, a whole number; 0: nothing new starts. Lowering it hangs nobody up: nothing new starts until
   * there is room.
   */
  concurrency?: number | null
  /** Starts per second, more than 0; fractions are fine. */
  cps?: number | null
  /** With `cps`: starts that may come at once when there was a pause, a whole number. Default 1. */
  burst?: number
  /** Caller ids only: calls in any 24 hours, at least 1. */
  perDay?: number | null
  /**
   * Of an organization: what all its jobs together may spend between two midnights of its zone, in whole units of the account's
   * smallest. `null`: no limit. Jobs that wait for it go on when it is raised.
   */
  moneyPerDay?: number | null
}

/** What a limit is for. */
export type LimitScope =
  | { job: string }
  | { organization: string }
  | { callerId: string; organization: string }
  | { route: string }
  | { everything: true }

/** The two keys of a scope. */
export function scopeKeys(scope: LimitScope): { slots: string; rate: string } {
  const name = scopeName(scope)
  return { slots: `slots:${name}`, rate: `rate:${name}` }
}

/** Limits of a scope as the store takes them. A daily cap of what is no caller id is `invalid_options`. */
export function scopeLimits(
  scope: LimitScope,
  { concurrency, cps, burst = 1, perDay, moneyPerDay }: ScopeLimits,
  revision: number,
): Limit[] {
  const { slots, rate } = scopeKeys(scope)
  const limits: Limit[] = []
  if (concurrency === null) limits.push({ key: slots, revision, none: true })
  else if (concurrency !== undefined) limits.push({ key: slots, revision, slots: concurrency })
  if (cps === null) limits.push({ key: rate, revision, none: true })
  else if (cps !== undefined) limits.push({ key: rate, revision, rate: cps, burst })
  if (perDay !== undefined) {
    if (!('callerId' in scope)) throw onlyFor('perDay', 'only caller ids have a daily cap')
    limits.push(dayLimit(scope.organization, scope.callerId, perDay, revision))
  }
  if (moneyPerDay !== undefined) {
    if (!('organization' in scope) || 'callerId' in scope) {
      throw onlyFor('moneyPerDay', 'is a limit of organizations; a job has `budget.perDay`')
    }
    limits.push(organizationLimit(scope.organization, parseMoney(moneyPerDay, 'moneyPerDay'), revision))
  }
  return limits
}

function onlyFor(field: string, problem: string): OutdialError {
  return new OutdialError('invalid_options', `${field}: ${problem}`, { field })
}

/** Whose gates they are. `callerId`: the only one there is; `breaker`: with that of the route. */
interface GateScope {
  job: string
  organization: string
  route: string
  callerId?: string | undefined
  breaker: boolean
  /** Of the job itself. */
  more?: readonly Gate[]
}

/** The gates of a job: itself, its only caller id, its organization, its route and whether that works, everything. */
export function jobGates({ job, organization, route, callerId, breaker, more = [] }: GateScope): Gate[] {
  const gates: Gate[] = [{ blocks: 'job', ...scopeKeys({ job }) }]
  if (callerId !== undefined) gates.push({ blocks: 'job', ...scopeKeys({ callerId, organization }) })
  gates.push(...more)
  gates.push({ blocks: 'organization', ...scopeKeys({ organization }) })
  gates.push({ blocks: 'route', ...scopeKeys({ route }) })
  if (breaker) gates.push({ blocks: 'route', ...breakerKeys(route) })
  gates.push({ blocks: 'route', ...scopeKeys({ everything: true }) })
  return gates
}

function scopeName(scope: LimitScope): string {
  if ('job' in scope) return `job:${scope.job}`
  if ('callerId' in scope) return `from:${scope.organization}:${scope.callerId}`
  if ('organization' in scope) return `organization:${scope.organization}`
  return 'route' in scope ? `route:${scope.route}` : 'everything'
}
