import type { CallSpec, JobContext } from '../jobs/spec.js'
import type { Gate } from '../ports/storage-jobs.js'
import type { Hold } from '../ports/storage-limits.js'
import { localDay } from './days.js'

/** Where everything that a job spends is counted. */
export function jobMoneyKey(jobId: string): string {
  return `money:job:${jobId}`
}

/** The limit of each of its days. What a day has spent is counted under its own key, which carries the date. */
export function jobDayKey(jobId: string): string {
  return `money:job:${jobId}:day`
}

/** The same for all jobs of an organization together. */
export function organizationDayKey(organization: string): string {
  return `money:organization:${organization.replaceAll('%', '%25').replaceAll(':', '%3A')}:day`
}

/**
 * A gate that every call of a job with rates passes. It is closed for a moment when a call was refused for money that live calls
 * may give back: the job waits as a whole, and costs nothing meanwhile.
 */
export function moneyGate(jobId: string): Gate {
  return { blocks: 'job', slots: `slots:${jobMoneyKey(jobId)}`, rate: `rate:${jobMoneyKey(jobId)}` }
}

/** What names a refusal for money, in the words of users. */
export function moneyReason(key: string): MoneyReason | undefined {
  if (key.startsWith('money:organization:')) return 'organization_daily_budget'
  if (key.startsWith('money:job:')) return key.endsWith(':day') ? 'daily_budget' : 'budget_exhausted'
  return key.startsWith('slots:money:job:') ? 'budget' : undefined
}
/** See {@link moneyReason}. */
export type MoneyReason = 'budget' | 'budget_exhausted' | 'daily_budget' | 'organization_daily_budget'

/** Where a call that begins at an instant is counted. `until`: by then it has to begin, or it counts for another day. */
export interface MoneyPlace {
  readonly keys: readonly Pick<Hold, 'key' | 'limit'>[]
  /** When each of them is over. */
  readonly ends: readonly number[]
  readonly until: number
}

const places = new WeakMap<JobContext, { readonly from: number; readonly place: MoneyPlace }>()

/** See {@link MoneyPlace}; `undefined` for jobs without rates, and where nobody can say which day it is. The same one for the whole day. */
export function moneyPlace(job: JobContext<CallSpec>, at: number): MoneyPlace | undefined {
  const known = places.get(job)
  if (known && at >= known.from && at < known.place.until) return known.place
  const place = placeAt(job, at)
  if (place) places.set(job, { from: at, place })
  return place
}

function placeAt({ id, organization, spec }: JobContext<CallSpec>, at: number): MoneyPlace | undefined {
  const { money, timezone } = spec
  const own = money && localDay(timezone, at)
  const shared = money && localDay(money.zone, at)
  if (!own || !shared) return undefined
  const [day, all] = [jobDayKey(id), organizationDayKey(organization)]
  return {
    keys: [
      { key: jobMoneyKey(id) },
      { key: `${day}:${own.date}`, limit: day },
      { key: `${all}:${shared.date}`, limit: all },
    ],
    ends: [Number.POSITIVE_INFINITY, own.until, shared.until],
    until: Math.min(own.until, shared.until),
  }
}

const holds = new WeakMap<MoneyPlace, { readonly n: number; readonly holds: readonly Hold[] }>()

/** What a call holds that may cost so much: mostly the same as the one before. */
export function moneyHolds(place: MoneyPlace, n: number): readonly Hold[] {
  const known = holds.get(place)
  if (known?.n === n) return known.holds
  const made = place.keys.map((key) => ({ ...key, n }))
  holds.set(place, { n, holds: made })
  return made
}
