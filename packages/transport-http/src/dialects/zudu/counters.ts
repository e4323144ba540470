import type { CallJob, CallRecord, CallTaskSnapshot, JobSnapshot } from '@outdial/core'
import { PICKED_UP } from './states.js'

/** How far a batch call is, in people: `completed <= picked_up <= sent <= total`. */
export interface Counters {
  /** Called at least once. */
  sent: number
  /** Somebody, or a machine, picked up. */
  picked_up: number
  /** Reached: the task is done. */
  completed: number
  last_sent_timestamp: number | null
}

export const NOTHING_SENT: Counters = { sent: 0, picked_up: 0, completed: 0, last_sent_timestamp: null }

/** Tasks that are looked at one by one. Jobs of this API have at most a thousand. */
const MOST_COUNTED = 10_000

/**
 * The counters of a batch call. The engine counts calls, and one person can be called often: so tasks are looked at. Of a
 * campaign that is too long for that, made otherwise, the calls are counted instead.
 */
export async function countersOf(job: CallJob, snapshot: JobSnapshot): Promise<Counters> {
  const { calls, tasks, byOutcome, startedAt = null } = snapshot
  if (calls.begun === 0) return NOTHING_SENT
  if (tasks.total > MOST_COUNTED) {
    const sent = Math.min(tasks.total, calls.placed + calls.live)
    const answers = [...PICKED_UP].reduce((sum, outcome) => sum + (byOutcome[outcome] ?? 0), 0)
    const picked_up = Math.min(sent, answers)
    return { sent, picked_up, completed: Math.min(picked_up, tasks.succeeded), last_sent_timestamp: startedAt }
  }
  const counters = { ...NOTHING_SENT }
  for await (const task of job.tasks()) count(counters, task, startedAt)
  return counters
}

function count(counters: Counters, task: CallTaskSnapshot, startedAt: number | null): void {
  const placed = task.calls.filter((call) => call.placed !== false)
  if (placed.length === 0 && task.liveCall === undefined) return
  counters.sent++
  // When a live call was placed is known to its worker only; the batch call had begun by then.
  const last = placed.at(-1)?.fencedAt ?? startedAt
  if (last !== null) counters.last_sent_timestamp = Math.max(counters.last_sent_timestamp ?? 0, last)
  if (!placed.some(wasPickedUp)) return
  counters.picked_up++
  if (task.state === 'succeeded') counters.completed++
}

function wasPickedUp({ answeredAt, outcome }: CallRecord): boolean {
  return answeredAt !== undefined || (outcome !== undefined && PICKED_UP.has(outcome))
}
