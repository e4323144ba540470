import * as z from 'zod'
import { OutdialError } from '../errors/outdial-error.js'
import type { SuppressionScope } from '../jobs/suppression-lists.js'
import { DAY, type Duration, durationBetween, SECOND } from '../policy/duration.js'
import { oneOf, parseOptions } from '../policy/options.js'
import { resolveSchedule, type ScheduleTime, scheduleTimeSchema } from '../policy/schedule.js'

/** Numbers: as they are, or as a file reader such as `numbersFile('dnc.txt')` gives them, many at a time. */
export type SuppressionNumbers = Iterable<string> | AsyncIterable<string | readonly string[]>

/** What is said of a list as a whole. */
export interface SuppressionVersion {
  /** The list says what was true at this time, which has come: the version date of a register. Default: as it was said before. */
  asOf?: ScheduleTime | undefined
  /**
   * A list whose `asOf` is longer ago than this stops every call that it counts for until it has been brought up to date, and
   * so does one that has no `asOf`. Default: as it was said before, at first no such limit; `null`: none any more.
   */
  maxAge?: Duration | null | undefined
}

/** How numbers are put on a list. */
export interface SuppressionAddOptions extends SuppressionVersion {
  /** Whose calls it stops. Default: everybody's. */
  scope?: SuppressionScope | undefined
  /** Kept with each entry, at most 200 characters. */
  reason?: string | undefined
  /** From this time on the numbers may be called again. Default: never. Of two ends of one number the later counts. */
  expires?: ScheduleTime | undefined
}

/** What a change of a list is to be. */
export interface SuppressionEdit {
  scope: SuppressionScope
  reason?: string
  until?: number
  asOf?: number
  maxAgeMs?: number | null
}

const name = z.string().min(1).max(200)

const ofOrganization = z.strictObject({ organization: name })
const ofJob = z.strictObject({ job: name })
const ofEverything = z.strictObject({ everything: z.literal(true) })
const scopeSchema = oneOf<SuppressionScope, SuppressionScope>((given) => {
  if (typeof given !== 'object' || given === null) return EXPECTED
  if ('organization' in given) return ofOrganization
  if ('job' in given) return ofJob
  return 'everything' in given ? ofEverything : EXPECTED
})

const EXPECTED = 'expected { organization }, { job } or { everything: true }'

const schema = z.strictObject({
  scope: scopeSchema.optional(),
  reason: z.string().min(1).max(200).optional(),
  expires: scheduleTimeSchema.optional(),
  asOf: scheduleTimeSchema.optional(),
  maxAge: durationBetween(SECOND, 3660 * DAY)
    .nullable()
    .optional(),
})

/** A date is read in UTC, and where it begins first that is half a day away; clocks may differ besides. */
const AHEAD = DAY

/** Everybody's list, when none is named. */
export const EVERYTHING: SuppressionScope = { everything: true }

/** Checks the scope of a list; throws `invalid_options` naming the field. */
export function parseScope(input: SuppressionScope): SuppressionScope {
  return parseOptions(scopeSchema, input, 'scope')
}

/** Checks how numbers are put on a list: options, or a scope alone. Throws `invalid_options` or `invalid_schedule`. */
export function parseEdit(input: SuppressionScope | SuppressionAddOptions, now: number): SuppressionEdit {
  if (isScope(input)) return { scope: parseScope(input) }
  const { scope = EVERYTHING, reason, expires, asOf, maxAge } = parseOptions(schema, input, '')
  const at = (time: ScheduleTime, field: string) => resolveSchedule(time, { zone: 'UTC', now, field })
  const until = expires === undefined ? undefined : at(expires, 'expires')
  if (until !== undefined && until <= now) {
    throw new OutdialError('invalid_schedule', 'expires: has passed, so nobody would be listed', { field: 'expires' })
  }
  const said = asOf === undefined ? undefined : at(asOf, 'asOf')
  if (said !== undefined && said > now + AHEAD) {
    throw new OutdialError('invalid_schedule', 'asOf: is still to come, and a list cannot be as of then', {
      field: 'asOf',
    })
  }
  return {
    scope,
    ...(reason !== undefined && { reason }),
    ...(until !== undefined && { until }),
    ...(said !== undefined && { asOf: said }),
    ...(maxAge !== undefined && { maxAgeMs: maxAge }),
  }
}

function isScope(input: SuppressionScope | SuppressionAddOptions): input is SuppressionScope {
  return (
    typeof input === 'object' && input !== null && ['organization', 'job', 'everything'].some((key) => key in input)
  )
}
