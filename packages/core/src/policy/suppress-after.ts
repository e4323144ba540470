import * as z from 'zod'
import { OUTCOMES, type Outcome } from '../lifecycle/outcome.js'
import { oneOf } from './options.js'

/** A do-not-call list that the outcome of a call can add to. */
export type SuppressList = 'job' | 'organization'

/** An outcome after which a number is not called again, by the whole organization or with `list: 'job'` by this job alone. */
export type SuppressAfterOptions = Outcome | { outcome: Outcome; list?: SuppressList | undefined }

/** A {@link SuppressAfterOptions} with its list. */
export interface SuppressRule {
  readonly outcome: Outcome
  readonly list: SuppressList
}

/** Who marks a call as unwanted is not called again by anybody of the organization. */
export const DEFAULT_SUPPRESS_AFTER: readonly SuppressRule[] = [{ outcome: 'unwanted', list: 'organization' }]

const outcome = z.enum(OUTCOMES)
const rule = z.strictObject({ outcome, list: z.enum(['job', 'organization']).optional() })

/** Reads a job's `suppressAfter`. */
export const suppressAfterSchema: z.ZodType<readonly SuppressRule[], readonly SuppressAfterOptions[]> = z
  .array(
    oneOf<SuppressRule, SuppressAfterOptions>((given) =>
      typeof given === 'object'
        ? rule.transform(({ outcome, list = 'organization' }): SuppressRule => ({ outcome, list }))
        : outcome.transform((named): SuppressRule => ({ outcome: named, list: 'organization' })),
    ),
  )
  .max(OUTCOMES.length * 2)
