import { type Clock, OutdialError } from '@outdial/core'
import { realClock } from './real-clock.js'

/** How a virtual clock starts and what moves it. */
export interface VirtualClockOptions {
  /**
   * Wall time at which it starts: milliseconds since the epoch or an ISO string with a zone.
   * Default: `2027-01-04T14:00:00Z`, a Monday on which it is working time in both Americas and in Europe. It is fixed, so
   * that two runs are the same run.
   */
  start?: number | string
  /**
   * Whether the clock jumps to the next timer by itself whenever nothing else can run. Default: `false`, time moves only by
   * `advance` and its kin. With it, a program runs as if every wait took no time, and pending timers keep the process alive.
   * It cannot see real I/O: {@link VirtualClock.hold} it, or wrap the work in {@link VirtualClock.during}.
   */
  autoAdvance?: boolean
  /**
   * Virtual milliseconds per real millisecond, for runs that people watch: `60` shows a minute each second. Not repeatable to
   * the millisecond, since real timers are late at times. `Infinity` is `autoAdvance`. Default: none, time does not flow.
   */
  speed?: number
  /** The clock that `speed` refers to. Default: the machine's. */
  base?: Clock
}

/** The options, judged. */
export interface ClockSettings {
  start: number
  autoAdvance: boolean
  pace: { speed: number; base: Clock } | undefined
}

/** When a virtual clock starts unless told otherwise: `2027-01-04T14:00:00Z`, a Monday. */
export const DEFAULT_START: number = Date.UTC(2027, 0, 4, 14)

/** Checks the options and fills in defaults. */
export function clockSettings(options: VirtualClockOptions): ClockSettings {
  const { start = DEFAULT_START, autoAdvance = false, speed, base = realClock } = options
  if (speed !== undefined && !(speed > 0)) {
    throw new OutdialError('invalid_options', `speed must be greater than 0, not ${speed}`, { field: 'speed' })
  }
  if (speed !== undefined && Number.isFinite(speed) && autoAdvance) {
    throw new OutdialError('invalid_options', 'autoAdvance and a finite speed exclude each other', { field: 'speed' })
  }
  return {
    start: instant(start, 'start'),
    autoAdvance: autoAdvance || speed === Number.POSITIVE_INFINITY,
    pace: speed !== undefined && Number.isFinite(speed) ? { speed, base } : undefined,
  }
}

/** Milliseconds since the epoch of a time given as such or as an ISO string. */
export function instant(time: number | string, field: string): number {
  const ms = typeof time === 'number' ? time : Date.parse(time)
  // A string without a zone means another instant on each machine.
  const zoned = typeof time === 'number' || /(?:Z|[+-]\d{2}:?\d{2})$/i.test(time)
  if (!Number.isFinite(ms) || !zoned) {
    throw new OutdialError('invalid_options', `${field} is not milliseconds or an ISO time with a zone: ${time}`, {
      field,
    })
  }
  return ms
}
