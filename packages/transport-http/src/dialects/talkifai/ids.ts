/*
 * The engine's id of a job is `job_` and letters. A batch is `batch_` and the same letters, its contacts are `contact_`,
 * the letters and their position.
 */

/** What clients know a job by. An id of the host's own form stays as it is. */
export function batchIdOf(jobId: string): string {
  return jobId.startsWith('job_') ? `batch_${jobId.slice(4)}` : jobId
}

/** The job that a client means; what no client was told leads nowhere. */
export function jobIdOf(batchId: string): string {
  if (batchId.startsWith('batch_')) return `job_${batchId.slice(6)}`
  return batchId.startsWith('job_') ? '' : batchId
}

export function contactIdOf(jobId: string, index: number): string {
  return `contact_${lettersOf(jobId)}_${String(index + 1).padStart(3, '0')}`
}

/** The entry of a schedule: another one for another time. */
export function scheduledJobIdOf(jobId: string, startAt: number): string {
  return `arq_job_${lettersOf(jobId)}_${startAt.toString(36)}`
}

function lettersOf(jobId: string): string {
  return jobId.startsWith('job_') ? jobId.slice(4) : jobId
}
