import * as z from 'zod'

/** How much may go out from one number. What is left out stays as it is stored; `null` takes a limit away. */
export interface CallerIdLimits {
  /** Live calls at once from the number. */
  concurrency?: number | null | undefined
  /** Starts per second from the number; fractions are fine. */
  cps?: number | null | undefined
  /** Calls from the number in any 24 hours, those too of which nobody knows, but none that is proven never to have been placed. Rolling: there is no midnight at which twice as many go out. */
  perDay?: number | null | undefined
}

/**
 * How a campaign uses the numbers in `from`. Limits belong to a number within its organization: all its campaigns and all workers share
 * them, and the last one set counts.
 */
export interface CallerIdOptions extends CallerIdLimits {
  /** Limits of single numbers, by E.164 number, instead of those for all. */
  numbers?: Readonly<Record<string, CallerIdLimits>> | undefined
  /** Which number is tried first. `rotate` (default): another one at each call, all evenly. `listed`: as they stand in `from`. */
  order?: 'rotate' | 'listed' | undefined
  /** The number that called a contact before comes first when it is called again. Default true. */
  sticky?: boolean | undefined
  /** Numbers of the called person's country and area come first, the nearest of them before the others. Default false. */
  localPresence?: boolean | undefined
}

/** {@link CallerIdOptions} with defaults, as a job keeps them. Limits are those that were said with it, for numbers that it gets later. */
export interface CallerIdRules extends Readonly<CallerIdLimits> {
  readonly order: 'rotate' | 'listed'
  readonly sticky: boolean
  readonly localPresence: boolean
  /** As the limits were set with this job, for numbers that it gets later; what counts is stored with the numbers. */
  readonly numbers?: Readonly<Record<string, CallerIdLimits>>
}

/** {@link CallerIdOptions} as they were checked. */
export interface ParsedCallerIds {
  readonly rules: CallerIdRules
  readonly limits: CallerIdLimits
  readonly numbers: Readonly<Record<string, CallerIdLimits>>
}

/** Limits of a number; those of other scopes are alike. */
export const limitsShape: {
  readonly [Name in 'concurrency' | 'cps' | 'perDay']: z.ZodType<number | null | undefined>
} = {
  concurrency: z.int().min(1).max(1_000_000).nullable().optional(),
  cps: z.number().gt(0).max(100_000).nullable().optional(),
  perDay: z.int().min(1).max(1_000_000).nullable().optional(),
}

/** Reads {@link CallerIdOptions}. Numbers are checked against those of the job, which are not known here. */
export const callerIdsSchema: z.ZodType<ParsedCallerIds, CallerIdOptions> = z
  .strictObject({
    ...limitsShape,
    numbers: z.record(z.string(), z.strictObject(limitsShape)).optional(),
    order: z.enum(['rotate', 'listed']).optional(),
    sticky: z.boolean().optional(),
    localPresence: z.boolean().optional(),
  })
  .transform(({ order = 'rotate', sticky = true, localPresence = false, numbers = {}, ...limits }): ParsedCallerIds => {
    return { rules: { order, sticky, localPresence }, limits, numbers }
  }) as unknown as z.ZodType<ParsedCallerIds, CallerIdOptions>
