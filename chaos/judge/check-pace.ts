import { type Complain, type Evidence, type LimitInForce, START_WITHIN, TRANSIT } from './evidence.js'
import { jobOf } from './task-name.js'

/**
 * Instants are doubles, of which there is one every 2^-12 ms in our time. The start of each call is reckoned from the one before, so
 * each may be half of that early: thousands without a pause add up to some hundredths of a start.
 */
const HALF_A_STEP = 2 ** -13

/**
 * No pace is ever exceeded, by the times for which starts were granted and by those at which the carrier was asked. With
 * a pace that was changed, the highest that was in force counts.
 */
export function checkPace({ ledger, jobs, limits }: Evidence, complain: Complain): void {
  const granted = jobs
    .flatMap(({ record, events }) =>
      events.flatMap(({ data }) => (data.type === 'fenced' ? [{ of: record.id, at: data.startAt }] : [])),
    )
    .sort((a, b) => a.at - b.at)
  const placed = ledger.flatMap(({ kind, ref, at }) => (kind === 'placed' ? [{ of: jobOf(ref), at }] : []))
  for (const of of new Set(limits.map(({ of }) => of))) {
    const own = limits.filter((limit) => limit.of === of && limit.cps !== undefined)
    if (own.length === 0) continue
    const { rate, burst } = widest(own)
    const times = (starts: typeof granted) =>
      starts.filter((start) => of === 'all' || start.of === of).map(({ at }) => at)
    const grants = times(granted)
    const most = excess(grants, rate)
    if (most > burst + rounding(grants.length, rate))
      complain('limit', `${of}: ${most} starts granted above ${rate} per second`)
    // A start may be used for two seconds and is under way for a while, so as many more can come together.
    const slack = (rate * (START_WITHIN + TRANSIT)) / 1000
    const seen = excess(times(placed), rate)
    if (seen > burst + slack) complain('limit', `${of}: ${seen} calls placed above ${rate} per second`)
  }
}

/** By how many starts so many grants may be above the rate because of how numbers are kept. */
function rounding(grants: number, rate: number): number {
  return 1e-3 + (grants * HALF_A_STEP * rate) / 1000
}

function widest(limits: readonly LimitInForce[]): { rate: number; burst: number } {
  return {
    rate: Math.max(...limits.map(({ cps = 0 }) => cps)),
    burst: Math.max(...limits.map(({ burst = 1 }) => burst)),
  }
}

/** The most starts of any window above what the rate gives for its length. */
export function excess(times: readonly number[], rate: number): number {
  let most = 0
  // The window that begins with a start `i` and ends with `j` has j − i + 1 starts: the best `i` so far is enough.
  let lowest = Number.POSITIVE_INFINITY
  for (const [n, at] of times.entries()) {
    const above = n - (rate * at) / 1000
    lowest = Math.min(lowest, above)
    most = Math.max(most, above - lowest + 1)
  }
  return most
}
