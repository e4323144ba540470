import { type Complain, type Evidence, START_WITHIN, TRANSIT } from './evidence.js'
import { jobOf } from './task-name.js'

/** Nothing is started later than granted, or after a stop was acknowledged; what was granted before may be, for its two seconds. */
export function checkPolicy({ ledger, jobs, stops, sameClock }: Evidence, complain: Complain): void {
  const startAt = new Map<string, number>()
  for (const { events } of jobs) {
    for (const { data } of events) if (data.type === 'fenced') startAt.set(data.ref, data.startAt)
  }
  for (const { kind, ref, to, at } of ledger) {
    if (kind !== 'placed') continue
    const granted = startAt.get(ref)
    if (granted === undefined) complain('policy', `${ref} was placed and never granted`)
    else if (sameClock && at > granted + START_WITHIN + TRANSIT) {
      complain('policy', `${ref} was placed ${Math.round(at - granted)} ms after it was granted`)
    }
    for (const { what, jobId, numbers, since, until = Number.POSITIVE_INFINITY } of stops) {
      if (at <= since + START_WITHIN + TRANSIT || at >= until) continue
      if ((jobId === undefined || jobId === jobOf(ref)) && (numbers === undefined || numbers.has(to))) {
        complain('policy', `${ref} was placed ${at - since} ms after ${what}`)
      }
    }
  }
}
