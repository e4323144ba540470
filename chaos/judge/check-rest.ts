import { type Complain, type Evidence, type JobEvidence, type LimitInForce, START_WITHIN, TRANSIT } from './evidence.js'
import { jobOf } from './task-name.js'

/** What may lie between a grant and the call. */
const SLACK = START_WITHIN + TRANSIT

interface Asked extends Pick<Evidence, 'ledger' | 'limits' | 'sameClock'> {
  jobs: readonly Pick<JobEvidence, 'events'>[]
}

/** A time in which nobody may be called, and whose call began it. */
interface Rest {
  from: number
  until: number
  ref: string
}

/**
 * Whoever has answered is left alone: from the moment in which the store knew of it, until the cool-down is over that counts from
 * the end of the call. With a cool-down that was changed during a call, the shortest counts.
 */
export function checkRest({ ledger, jobs, limits, sameClock }: Asked, complain: Complain): void {
  if (!sameClock || !limits.some(({ rest }) => rest !== undefined)) return
  const known = new Map<string, number>()
  for (const { events } of jobs) {
    for (const { at, data } of events) if (data.type === 'closed') known.set(data.ref, at)
  }
  const placedAt = new Map<string, number>()
  const rests = new Map<string, Rest[]>()
  for (const { kind, ref, to, at, detail } of ledger) {
    if (kind === 'placed') {
      placedAt.set(ref, at)
      const broken = rests.get(to)?.find(({ from, until }) => at > from + SLACK && at < until)
      if (broken) complain('policy', `${ref} was placed ${broken.until - at} ms before ${broken.ref} had rested`)
    }
    const from = known.get(ref)
    if (kind !== 'ended' || detail !== 'answered' || from === undefined) continue
    const until = at + shortest(limits, jobOf(ref), (placedAt.get(ref) ?? at) - SLACK, from)
    rests.set(to, [...(rests.get(to) ?? []), { from, until, ref }])
  }
}

/** Of the cool-downs that a job had between two instants; 0 when it had none for a part of it. */
function shortest(limits: readonly LimitInForce[], jobId: string, begin: number, end: number): number {
  const own = limits.filter(
    ({ of, since, until = Number.POSITIVE_INFINITY }) => of === jobId && since <= end && until >= begin,
  )
  return Math.min(...own.map(({ rest = 0 }) => rest))
}
