import type { CallJob } from '@outdial/core'
import type { Desk, Found } from '../../../desk/desk.js'
import { jobIdOf } from '../ids.js'

export const JOBS = '/batch/jobs'
export const JOB = `${JOBS}/:batch_job_id`
/** As the platform's pages and an older guide call the same. */
export const OLD_JOB = '/batch/:batch_job_id'

/** The batch that a path names. */
export function batchOf(desk: Desk, params: Readonly<Record<string, string>>): Promise<Found<CallJob>> {
  return desk.callJob(jobIdOf(params.batch_job_id ?? ''))
}
