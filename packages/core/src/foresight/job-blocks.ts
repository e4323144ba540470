import type { JobState } from '../lifecycle/job.js'
import { formatInstant } from '../policy/instant.js'
import type { JobRecord } from '../ports/storage-jobs.js'
import { type DialBlock, untilOf } from './blocks.js'

/** Why a job as a whole may not dial, if it may not. A timer that will let it go is its end. */
export function jobBlocks(job: JobRecord, now: number): DialBlock[] {
  const { phase, timers } = job
  if (phase.dialable) return []
  const { start } = timers
  const goes = start?.phase.dialable ? Math.max(start.at, now) : Number.POSITIVE_INFINITY
  const { reason } = phase
  const state = phase.state as JobState
  return [
    {
      code: 'job_state',
      state,
      ...(reason !== undefined && { reason }),
      detail: `the campaign is ${WORDS[state] ?? state}${reason === undefined ? '' : ` (${reason})`}${
        goes < Number.POSITIVE_INFINITY ? ` until ${formatInstant(goes)}` : ''
      }`,
      ...untilOf(goes),
    },
  ]
}

const WORDS: Partial<Record<JobState, string>> = {
  draft: 'a draft, and has not been started',
  pending_review: 'waiting for review',
  canceling: 'being stopped',
}
