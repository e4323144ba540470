import { type CallJob, type JobSnapshot, OUTCOMES } from '@outdial/core'
import type { PolicyWish } from '../campaign/policy.js'

/** What a run came to: the line of `--json`. Its shape is documented; only ever add to it. */
export interface Summary {
  job: { id: string; state: string }
  rows: { read: number; accepted: number; rejected: number; duplicates: number }
  tasks: {
    total: number
    succeeded: number
    failed: number
    skipped: number
    canceled: number
    expired: number
    open: number
  }
  /** `cost` where it is known what calls cost. */
  calls: { placed: number; maxPerTask: number; byOutcome: Record<string, number>; cost?: number }
}

/** Counts up a job. Calls that were proven never to have been placed are no calls. */
export async function summarize(job: CallJob, snapshot: JobSnapshot, { rates }: PolicyWish): Promise<Summary> {
  const { read, accepted, rejectedRows, duplicateRows } = job.intake
  const { total, succeeded, failed, skipped, canceled, expired, open } = snapshot.tasks
  const byOutcome: Record<string, number> = {}
  let placed = 0
  let maxPerTask = 0
  let cost = 0
  // Counted from the record of each call, not from the job's counters: this line is there to be checked against.
  for await (const { calls } of job.tasks()) {
    const real = calls.filter((call) => call.placed !== false)
    placed += real.length
    maxPerTask = Math.max(maxPerTask, real.length)
    for (const { booked = 0 } of calls) cost += booked
    for (const { outcome } of real) if (outcome) byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1
  }
  return {
    job: { id: job.id, state: snapshot.state },
    rows: { read, accepted, rejected: rejectedRows, duplicates: duplicateRows },
    tasks: { total, succeeded, failed, skipped, canceled, expired, open },
    calls: { placed, maxPerTask, byOutcome: inOrder(byOutcome), ...(rates && { cost: Math.round(cost * 1e6) / 1e6 }) },
  }
}

/** The same run gives the same line, whichever call ended first. */
function inOrder(byOutcome: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(OUTCOMES.flatMap((name) => (byOutcome[name] ? [[name, byOutcome[name]]] : [])))
}
