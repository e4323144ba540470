import { OutdialError } from '../errors/outdial-error.js'
import { organizationLimit, parseMoney } from '../money/budget.js'
import type { Gate } from '../ports/storage-jobs.js'
import type { Limit } from '../ports/storage-limits.js'

/** The limits of one scope, as users give them. `null` takes a limit away. */
export interface ScopeLimits {
  /** Live calls (or operations) at once. Lowering it hangs nobody up: nothing new starts until there is room. */
  concurrency?: number | null
  /** Starts per second; fractions are fine. */
  cps?: number | null
  /** Starts that may come at once when there was a pause. Default 1. */
  burst?: number
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

/** Limits of a scope as the store takes them. */
export function scopeLimits(
  scope: LimitScope,
  { concurrency, cps, burst = 1, moneyPerDay }: ScopeLimits,
  revision: number,
): Limit[] {
  const { slots, rate } = scopeKeys(scope)
  const limits: Limit[] = []
  if (concurrency === null) limits.push({ key: slots, revision, none: true })
  else if (concurrency !== undefined) limits.push({ key: slots, revision, slots: concurrency })
  if (cps === null) limits.push({ key: rate, revision, none: true })
  else if (cps !== undefined) limits.push({ key: rate, revision, rate: cps, burst })
  if (moneyPerDay !== undefined) {
    if (!('organization' in scope) || 'callerId' in scope) throw onlyOrganizations()
    limits.push(organizationLimit(scope.organization, parseMoney(moneyPerDay, 'moneyPerDay'), revision))
  }
  return limits
}

function onlyOrganizations(): OutdialError {
  return new OutdialError('invalid_options', 'moneyPerDay: is a limit of organizations; a job has `budget.perDay`', {
    field: 'moneyPerDay',
  })
}

/** The gates of a job: itself, its only caller id, its organization, its route, everything. */
export function jobGates(
  jobId: string,
  organization: string,
  route: string,
  callerId: string | undefined,
  more: readonly Gate[] = [],
): Gate[] {
  const gates: Gate[] = [{ blocks: 'job', ...scopeKeys({ job: jobId }) }]
  if (callerId !== undefined) gates.push({ blocks: 'job', ...scopeKeys({ callerId, organization }) })
  gates.push(...more)
  gates.push({ blocks: 'organization', ...scopeKeys({ organization }) })
  gates.push({ blocks: 'route', ...scopeKeys({ route }) })
  gates.push({ blocks: 'route', ...scopeKeys({ everything: true }) })
  return gates
}

function scopeName(scope: LimitScope): string {
  if ('job' in scope) return `job:${scope.job}`
  if ('callerId' in scope) return `from:${scope.organization}:${scope.callerId}`
  if ('organization' in scope) return `organization:${scope.organization}`
  return 'route' in scope ? `route:${scope.route}` : 'everything'
}
