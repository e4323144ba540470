import * as z from 'zod'
import { OutdialError } from '../errors/outdial-error.js'
import type { Blackout } from './calling-window.js'
import { schemaOf } from './options.js'
import { isLocalTime, resolveSchedule, type ScheduleTime } from './schedule.js'

/** A period in which nobody is called. The start is included, the end is not. */
export interface BlackoutOptions {
  /** `2026-12-24T12:00` is local: when the called person's clocks show it. With an offset, or as milliseconds: that instant, everywhere. */
  from: ScheduleTime
  /** As `from`, and of the same kind. A bare date is its midnight: `{ from: '2026-12-24', until: '2026-12-27' }` is three days. */
  until: ScheduleTime
}

const ISSUE = 'invalid_schedule'

/** Reads {@link BlackoutOptions}. */
export const blackoutsSchema: z.ZodType<readonly Blackout[], readonly BlackoutOptions[]> = z
  .array(
    z
      .strictObject({ from: endSchema(), until: endSchema() })
      .refine(({ from, until }) => from.local === until.local, {
        path: ['until'],
        error: "is not of the same kind as 'from': give both with an offset, or both without",
        params: { code: ISSUE },
      })
      .refine(({ from, until }) => from.at < until.at, {
        path: ['until'],
        error: "is not after 'from'",
        params: { code: ISSUE },
      })
      .transform(
        ({ from, until }): Blackout => ({
          from: from.at,
          until: until.at,
          ...(from.local && { local: true as const }),
        }),
      ),
  )
  .max(1_000) as unknown as z.ZodType<readonly Blackout[], readonly BlackoutOptions[]>

/** One end: an instant, or what local clocks show as the instant at which those of UTC do. */
function endSchema(): z.ZodType<{ at: number; local: boolean }, ScheduleTime> {
  return schemaOf((input) => {
    if (input === 'now') return { problem: "'now' is not known here; give a time" }
    try {
      const at = resolveSchedule(input as ScheduleTime, { zone: 'UTC', now: 0, field: '' })
      return { value: { at, local: isLocalTime(input) } }
    } catch (error) {
      if (!(error instanceof OutdialError)) throw error
      return { problem: error.message.replace(/^: /, '') }
    }
  }, ISSUE)
}
