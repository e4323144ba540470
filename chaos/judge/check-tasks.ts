import type { Complain, Evidence, JobEvidence } from './evidence.js'
import { taskOf } from './task-name.js'

const ENDS: ReadonlySet<string> = new Set(['succeeded', 'failed', 'skipped', 'canceled', 'expired'])

/** Nobody is lost: everyone who was accepted has one end, and it is what the carrier knows of the calls. */
export function checkTasks({ ledger, jobs, stuck }: Evidence, complain: Complain): void {
  for (const reason of stuck) complain('lost', reason)
  const answered = new Set<string>()
  for (const { kind, ref, detail } of ledger) if (kind === 'ended' && detail === 'answered') answered.add(taskOf(ref))
  for (const job of jobs) checkJob(job, answered, complain)
}

function checkJob({ expected, record, tasks }: JobEvidence, answered: ReadonlySet<string>, complain: Complain): void {
  const { id, counts } = record
  for (let n = Math.min(counts.total, tasks.length); n < expected; n++) complain('lost', `${id}: a task is not there`)
  if (counts.total > expected) complain('counters', `${id}: ${counts.total} tasks of ${expected} people`)
  for (const { index, place, reason } of tasks) {
    const name = `${id}:${index}`
    if (place === 'unknown' || reason === 'outcome_unknown') complain('unknown', `${name} is ${place}, ${reason}`)
    else if (!ENDS.has(place) || !reason) complain('lost', `${name} is ${place}, reason ${reason}`)
    else if (place === 'succeeded' && !answered.has(name)) complain('lost', `${name} succeeded, and nobody answered`)
    else if (place !== 'succeeded' && answered.has(name)) complain('lost', `${name} is ${place}, and somebody answered`)
  }
}
