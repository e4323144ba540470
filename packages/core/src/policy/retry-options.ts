import * as z from 'zod'
import { FINAL_OUTCOMES, INFRASTRUCTURE_OUTCOMES, OUTCOMES, type Outcome } from '../lifecycle/outcome.js'
import { DAY, type Duration, durationBetween, durationSchema, HOUR, MINUTE, SECOND } from './duration.js'
import { oneOf, parseOptions, schemaOf } from './options.js'
import type { RetryPlan, RetryPolicy } from './retry.js'
import type { TimeBlock } from './time-blocks.js'
import { readTimeOfDay } from './time-of-day.js'

/** Outcomes for which a retry rule can be given: about the contact, and not final. */
export type RetryableOutcome = Exclude<
  Outcome,
  'invalid_number' | 'unwanted' | 'outcome_unknown' | 'network_error' | 'carrier_error'
>

/**
 * What happens after an outcome, for as long as the task has attempts left.
 *
 * A list says it all: `['5m', '30m']` waits 5 minutes after the first such outcome, 30 after the second, and does not
 * retry after a third; `[]` never retries.
 */
export type RetryRule = readonly Duration[] | RetryDelays | RetryExponential | RetryAt | RetryAnotherTime

interface RetryCommon {
  /** Retries after this outcome, per contact. Default: until the attempts run out. */
  max?: number | undefined
}

interface RetryJitter {
  /**
   * Spreads each delay by up to this fraction both ways, so that calls that failed together are not repeated together.
   * 0 to 1, default 0. A delay never becomes less than half of itself.
   */
  jitter?: number | undefined
}

/** Given delays; the last one repeats. */
export interface RetryDelays extends RetryCommon, RetryJitter {
  delays: readonly Duration[]
  /**
   * Which delay it is. `outcome` (default): the n-th after the n-th such outcome. `attempt`: the n-th after the n-th
   * attempt, whatever came of the others, so that outcomes with the same delays share them.
   */
  by?: 'outcome' | 'attempt' | undefined
}

/** Delays that grow: `first`, `first × factor`, … up to `max`. */
export interface RetryExponential extends RetryCommon, RetryJitter {
  exponential: {
    first: Duration
    /** Default 2. */
    factor?: number | undefined
    /** Longest delay. Default `'24h'`, or `first` where that is longer. */
    max?: Duration | undefined
  }
}

/** The next time it is this time of day where the called person is. */
export interface RetryAt extends RetryCommon {
  /** `HH:MM` in the called person's zone. */
  at: string
  /** At least so long after the failed call. Default `'1h'`. */
  after?: Duration | undefined
  /** Spreads the retries evenly over so long from that time. Default 0. */
  spread?: Duration | undefined
}

/** Parts of the day that have a name: 08:00 to 12:00, to 17:00, to 21:00. */
export type DayPart = 'morning' | 'afternoon' | 'evening'

/**
 * At another time of day than the tries before: in a part of the day in which none of them was, the first that comes and in which people
 * may be called. When all have been tried, in any but the one of the last try, and so on. A call at none of these times counts for none.
 */
export interface RetryAnotherTime extends RetryCommon {
  /** Two or more parts of the called person's day, by name or as times, which do not overlap; `until` may be `24:00`. */
  anotherTimeOfDay: readonly (DayPart | { from: string; until: string })[]
  /** At least so long after the failed call. Default `'1h'`. */
  after?: Duration | undefined
  /** Spreads the retries evenly over so long from the beginning of the part. Default `'30m'`. */
  spread?: Duration | undefined
}

/**
 * When to call again, by outcome. An outcome that is not named is not retried. Final outcomes (`invalid_number`,
 * `unwanted`, `outcome_unknown`) are never retried and infrastructure ones (`network_error`, `carrier_error`) always
 * are, without counting as attempts: neither can be named. Default: `busy` and `no_answer` after 5 minutes, then every 30.
 */
export type RetryOptions = { readonly [Of in RetryableOutcome]?: RetryRule | undefined }

// Shorter is a loop, not a retry; longer than a year is a mistake in the unit.
const delay = durationBetween(SECOND, 366 * DAY)
const count = z.int().min(1).max(1_000).optional()
const jitter = z.number().min(0).max(1).optional()

const timeOfDay = schemaOf<number, string>((input) => readTimeOfDay(input))

const list = z
  .array(delay)
  .transform((delays): RetryPlan => ({ kind: 'delays', delays, max: delays.length, jitter: 0 }))

const delays = z
  .strictObject({ delays: z.array(delay).min(1), by: z.enum(['outcome', 'attempt']).optional(), max: count, jitter })
  .transform(
    (given): RetryPlan => ({
      kind: 'delays',
      delays: given.delays,
      ...(given.by === 'attempt' && { by: given.by }),
      jitter: given.jitter ?? 0,
      ...atMost(given.max),
    }),
  )

const exponential = z
  .strictObject({
    exponential: z
      .strictObject({ first: delay, factor: z.number().min(1).max(100).optional(), max: delay.optional() })
      .refine(({ first, max = first }) => max >= first, { path: ['max'], error: 'is shorter than the first delay' }),
    max: count,
    jitter,
  })
  .transform(
    ({ exponential: { first, factor = 2, max }, ...given }): RetryPlan => ({
      kind: 'exponential',
      first,
      factor,
      longest: max ?? Math.max(DAY, first),
      jitter: given.jitter ?? 0,
      ...atMost(given.max),
    }),
  )

const at = z
  .strictObject({ at: timeOfDay, after: delay.optional(), spread: durationSchema.optional(), max: count })
  .transform(
    (given): RetryPlan => ({
      kind: 'at',
      minute: given.at,
      after: given.after ?? HOUR,
      spread: given.spread ?? 0,
      ...atMost(given.max),
    }),
  )

const DAY_PARTS: Readonly<Record<DayPart, TimeBlock>> = {
  morning: { from: 8 * 60, until: 12 * 60 },
  afternoon: { from: 12 * 60, until: 17 * 60 },
  evening: { from: 17 * 60, until: 21 * 60 },
}

const namedPart = z.enum(['morning', 'afternoon', 'evening']).transform((name): TimeBlock => DAY_PARTS[name])
const givenPart = z
  .strictObject({ from: timeOfDay, until: schemaOf<number, string>((input) => readTimeOfDay(input, true)) })
  .refine(({ from, until }) => until > from, { path: ['until'], error: 'is not after `from`' })

const another = z
  .strictObject({
    anotherTimeOfDay: z
      .array(oneOf<TimeBlock, unknown>((input) => (typeof input === 'object' ? givenPart : namedPart)))
      .min(2, { error: 'names fewer than two parts of the day, so there is no other one' })
      .max(24)
      .refine(apart, { error: 'has parts that overlap' }),
    after: delay.optional(),
    spread: durationSchema.optional(),
    max: count,
  })
  .transform(
    ({ anotherTimeOfDay: blocks, after, spread, max }): RetryPlan => ({
      kind: 'another',
      blocks,
      after: after ?? HOUR,
      spread: spread ?? 30 * MINUTE,
      ...atMost(max),
    }),
  )

function apart(blocks: readonly TimeBlock[]): boolean {
  const sorted = [...blocks].sort((a, b) => a.from - b.from)
  return sorted.every(({ from }, i) => i === 0 || from >= (sorted[i - 1] as TimeBlock).until)
}

const rule: z.ZodType<RetryPlan, RetryRule> = oneOf((input) => {
  if (Array.isArray(input)) return list
  if (typeof input !== 'object' || input === null) return "expected delays such as ['5m', '30m']"
  if ('exponential' in input) return exponential
  if ('anotherTimeOfDay' in input) return another
  return 'at' in input ? at : delays
})

/** Reads {@link RetryOptions}. */
export const retrySchema: z.ZodType<RetryPolicy, RetryOptions> = z
  .strictObject(Object.fromEntries(OUTCOMES.map((outcome) => [outcome, ruleFor(outcome)])))
  .transform((given): RetryPolicy => {
    const named = Object.entries(given).filter(([, plan]) => plan !== undefined)
    return { rules: Object.fromEntries(named) as RetryPolicy['rules'] }
  }) as unknown as z.ZodType<RetryPolicy, RetryOptions>

/** The policy that options describe. Throws `invalid_options` naming the field. */
export function parseRetry(input: RetryOptions, field: string): RetryPolicy {
  return parseOptions(retrySchema, input, field)
}

/**
 * Reads the outcomes that count as success. At least one; not those that are final or infrastructure, which say that
 * the person was not reached.
 */
export const successOutcomesSchema: z.ZodType<readonly Outcome[], readonly RetryableOutcome[]> = z
  .array(z.enum(OUTCOMES).refine((outcome) => problemOf(outcome) === undefined, { error: 'can not be a success' }))
  .min(1, { error: 'names no outcome, so no task could ever succeed' }) as unknown as z.ZodType<
  readonly Outcome[],
  readonly RetryableOutcome[]
>

/** Outcomes that are both a success and retried: a contradiction in a job's options. */
export function retriedSuccesses(policy: RetryPolicy, successOutcomes: readonly Outcome[]): Outcome[] {
  return successOutcomes.filter((outcome) => policy.rules[outcome] !== undefined)
}

function ruleFor(outcome: Outcome): z.ZodType<RetryPlan | undefined> {
  const problem = problemOf(outcome)
  return problem === undefined ? rule.optional() : z.undefined({ error: problem }).optional()
}

function problemOf(outcome: Outcome): string | undefined {
  if (FINAL_OUTCOMES.has(outcome)) return `${outcome} is final: the same number is never called again after it`
  if (INFRASTRUCTURE_OUTCOMES.has(outcome)) return `${outcome} is always retried, and never counts as an attempt`
  return undefined
}

function atMost(max: number | undefined): { max?: number } {
  return max === undefined ? {} : { max }
}
