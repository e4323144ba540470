import type { JobRecord } from '../ports/storage-jobs.js'

/** Above all revisions that were ever made of the time (microseconds since 1970), until the year 2112. */
const OVER_TIME = 4_500_000_000_000_000

/**
 * Revision of the limits that are a job's own, for a change under the job's revision. It goes up with that alone: no clock, which may be
 * wrong in one of two processes, has a say in which of two changes is the later.
 */
export function jobLimitRevision({ revision }: Pick<JobRecord, 'revision'>): number {
  return OVER_TIME + revision
}
