import * as z from 'zod'
import { OUTCOMES, type Outcome } from '../lifecycle/outcome.js'
import type { CapSubject } from './caps.js'
import { DAY, type Duration, durationBetween, SECOND } from './duration.js'

/**
 * After an outcome, or a word that an agent reports, the person is left alone for a while: over all jobs of the organization and all
 * caller ids, the task itself included.
 */
export interface CooldownOptions {
  /** Outcomes that begin it. */
  after?: readonly Outcome[] | undefined
  /** Dispositions (`calls.report`) that begin it, e.g. `refused`. At least one of both is named. */
  dispositions?: readonly string[] | undefined
  /** One second to 366 days, from the end of the call. */
  wait: Duration
  /** Who is left alone. Default `phone`. */
  per?: CapSubject | undefined
}

/** A {@link CooldownOptions} with its time in milliseconds. */
export interface CooldownRule {
  readonly after: readonly Outcome[]
  readonly dispositions: readonly string[]
  readonly waitMs: number
  readonly per: CapSubject
}

const cooldown = z
  .strictObject({
    after: z.array(z.enum(OUTCOMES)).optional(),
    dispositions: z.array(z.string().min(1).max(200)).optional(),
    wait: durationBetween(SECOND, 366 * DAY),
    per: z.enum(['phone', 'externalId']).optional(),
  })
  .refine(({ after = [], dispositions = [] }) => after.length + dispositions.length > 0, {
    path: ['after'],
    error: 'name at least one outcome or disposition that begins it',
  })
  .transform(
    ({ after = [], dispositions = [], wait, per = 'phone' }): CooldownRule => ({
      after,
      dispositions,
      waitMs: wait,
      per,
    }),
  )

/** Reads a job's cool-downs. */
export const cooldownsSchema: z.ZodType<readonly CooldownRule[], readonly CooldownOptions[]> = z
  .array(cooldown)
  .max(16) as unknown as z.ZodType<readonly CooldownRule[], readonly CooldownOptions[]>
