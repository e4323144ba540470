import * as z from 'zod'
import { type BlackoutOptions, blackoutsSchema } from './blackouts.js'
import type { Blackout, CallingWindow } from './calling-window.js'
import { oneOf, parseOptions, schemaOf } from './options.js'
import {
  type Intervals,
  mergeIntervals,
  readClosedDate,
  readDays,
  readHours,
  readInterval,
  readWindowText,
} from './window-text.js'
import { zoneSchema } from './zone.js'

/** Weekdays as options name them, Monday first. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
/** See {@link WEEKDAYS}. */
export type Weekday = (typeof WEEKDAYS)[number]

/**
 * Hours of a day: `'09:00-12:00,13:00-20:00'` or `[['09:00', '12:00'], ['13:00', '20:00']]`; `[]` for none. The start is
 * included, the end is not; `24:00` is the end of a day. Hours over midnight are written as two, on two days.
 */
export type HoursOptions = string | readonly (readonly [start: string, end: string])[]

interface WindowCommon {
  /** IANA zone in which the hours are read for contacts that have no zone of their own and whose number tells none. Default: the job's zone. */
  timezone?: string | undefined
  /** Local dates `YYYY-MM-DD` on which nobody is called, holidays for instance. Default none. */
  closedOn?: readonly string[] | undefined
  /** Periods in which nobody is called. Default none. */
  blackouts?: readonly BlackoutOptions[] | undefined
}

/** Hours by weekday; a weekday that is not named is closed. */
export type WeekOptions = WindowCommon & { readonly [Day in Weekday]?: HoursOptions | undefined }

/** The same hours on several days: `{ days: 'mon-fri', hours: '09:00-20:00' }`. */
export interface DaysOptions extends WindowCommon {
  /** `'mon-fri'`, `'mon,wed,sat-sun'` or a list of weekdays. Default: every day. */
  days?: string | readonly Weekday[] | undefined
  hours: HoursOptions
}

/**
 * When people may be called, in their own local time. Text: `'09:00-20:00'`, `'mon-fri 09:00-20:00; sat 10:00-16:00'`.
 * A list is open whenever one of its members is, and closed on all their `closedOn` dates and in all their `blackouts`.
 */
export type WindowOptions = string | WeekOptions | DaysOptions | readonly (string | WeekOptions | DaysOptions)[]

const ISSUE = 'invalid_schedule'

const textHours = schemaOf(readHours, ISSUE)
const listedHours = z.array(schemaOf<Intervals, unknown>(readInterval, ISSUE)).transform(mergeIntervals)
const hours: z.ZodType<Intervals, HoursOptions> = oneOf((input) => {
  if (typeof input === 'string') return textHours
  if (Array.isArray(input)) return listedHours
  return "expected hours such as '09:00-12:00,13:00-20:00' or [['09:00', '12:00'], ['13:00', '20:00']]"
}, ISSUE)

/** Local dates on which nobody is called. */
export const closedDatesSchema: z.ZodType<readonly string[], readonly string[]> = z.array(
  schemaOf<string, string>(readClosedDate, ISSUE),
)
const closedOn = closedDatesSchema.optional()
const blackouts = blackoutsSchema.optional()

const weekSchema = z
  .strictObject({
    timezone: zoneSchema.optional(),
    closedOn,
    blackouts,
    ...(Object.fromEntries(WEEKDAYS.map((day) => [day, hours.optional()])) as Record<
      Weekday,
      z.ZodOptional<typeof hours>
    >),
  })
  .transform(
    (given): CallingWindow =>
      makeWindow(
        WEEKDAYS.map((day) => given[day] ?? []),
        given,
      ),
  )

const daysSchema = z
  .strictObject({
    timezone: zoneSchema.optional(),
    closedOn,
    blackouts,
    days: schemaOf<readonly boolean[], string | readonly Weekday[]>(readDays, ISSUE).optional(),
    hours,
  })
  .transform(
    (given): CallingWindow =>
      makeWindow(
        WEEKDAYS.map((_, day) => ((given.days?.[day] ?? true) ? given.hours : [])),
        given,
      ),
  )

const textSchema = schemaOf<CallingWindow, string>((input) => {
  const read = readWindowText(input)
  return 'problem' in read ? read : { value: makeWindow(read.value, {}) }
}, ISSUE)

const single: z.ZodType<CallingWindow> = oneOf((input) => {
  if (typeof input === 'string') return textSchema
  if (typeof input !== 'object' || input === null) return "expected a calling window such as 'mon-fri 09:00-20:00'"
  return 'hours' in input || 'days' in input ? daysSchema : weekSchema
}, ISSUE)

const several = z.array(single).transform((parts, context): CallingWindow => {
  const [zone, other] = new Set(parts.flatMap((one) => one.timezone ?? []))
  if (other !== undefined) {
    context.addIssue({
      code: 'custom',
      message: `names two time zones, '${zone}' and '${other}'`,
      params: { code: ISSUE },
    })
    return z.NEVER
  }
  return makeWindow(
    WEEKDAYS.map((_, day) => mergeIntervals(parts.map((one) => one.week[day] ?? []))),
    {
      timezone: zone,
      closedOn: parts.flatMap((one) => one.closedOn),
      blackouts: parts.flatMap((one) => one.blackouts ?? []),
    },
  )
})

/**
 * Reads {@link WindowOptions}. A window that never opens is refused: a job that can never dial is a mistake, and a job
 * that may always dial has no window.
 */
export const windowSchema: z.ZodType<CallingWindow, WindowOptions> = oneOf<CallingWindow, WindowOptions>(
  (input) => (Array.isArray(input) ? several : single),
  ISSUE,
).check((context) => {
  if (context.value.week.some((day) => day.length > 0)) return
  context.issues.push({
    code: 'custom',
    message: "never opens; name at least one weekday with hours, e.g. 'mon-fri 09:00-20:00'",
    params: { code: ISSUE },
    input: context.value,
  })
})

/** The window that options describe. Throws `invalid_schedule` (or `invalid_options` for an unknown key) naming the field. */
export function parseWindow(input: WindowOptions, field: string): CallingWindow {
  return parseOptions(windowSchema, input, field)
}

interface Closures {
  timezone?: string | undefined
  closedOn?: readonly string[] | undefined
  blackouts?: readonly Blackout[] | undefined
}

function makeWindow(week: readonly Intervals[], { timezone, closedOn = [], blackouts = [] }: Closures): CallingWindow {
  const dates = [...new Set(closedOn)].sort()
  return {
    ...(timezone === undefined ? {} : { timezone }),
    week,
    closedOn: dates,
    ...(blackouts.length > 0 && { blackouts }),
  }
}
