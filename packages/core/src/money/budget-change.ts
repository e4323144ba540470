import { jobLimitRevision } from '../jobs/limit-revision.js'
import { resuming } from '../jobs/pauses.js'
import type { CallSpec } from '../jobs/spec.js'
import type { Change, JobRecord } from '../ports/storage-jobs.js'
import { budgetLimits, openGate } from './budget.js'

/**
 * What another budget changes of a job besides its definition: the limits, at once, and its state. A job that is paused because this
 * budget was used up goes on when it is raised; paused for any other reason it stays so.
 */
export function budgetChange(job: JobRecord, was: CallSpec, changed: CallSpec, now: number): Change {
  if (!changed.money) return {}
  const limits = [...budgetLimits(job.id, changed, jobLimitRevision(job)), openGate(job.id, now * 1000 + job.revision)]
  const { state, reason } = job.phase
  const waits = state === 'paused' && isRaised(reason, was, changed)
  return { limits, ...(waits && resuming(job, changed)) }
}

function isRaised(reason: string | undefined, { budget: was = {} }: CallSpec, { budget = {} }: CallSpec): boolean {
  const { POSITIVE_INFINITY: endless } = Number
  if (reason === 'budget_exhausted') return (budget.total ?? endless) > (was.total ?? endless)
  return reason === 'daily_budget' && (budget.perDay ?? endless) > (was.perDay ?? endless)
}
