import { contactReader } from '@outdial/contacts'
import { type CallJobOptions, type EngineOptions, type IntakeReport, OutdialError } from '@outdial/core'
import type * as z from 'zod'
import { type Assumptions, assumed } from './assumptions.js'
import { HOUR, oneRun, type RunResult, type Setting } from './one-run.js'
import { readOnce } from './read-once.js'

/** A campaign to look ahead for: the options of one, without what only a stored one has. */
export interface ForecastOptions<Schema extends z.ZodType = z.ZodType<Record<string, unknown>>>
  extends Omit<
    CallJobOptions<Schema>,
    'carrier' | 'idempotencyKey' | 'fingerprint' | 'review' | 'keepOpen' | 'name' | 'onRow'
  > {
  /** What people and networks are taken to do. */
  assume?: Assumptions
  /** When to look ahead from, milliseconds since the epoch. Default: now. */
  at?: number
  /** The limits of the engine that will run it, and the paces of its routes: the campaign's is `forecast`. Default: none. */
  limits?: EngineOptions['limits']
  /** How far to look from its start on, in days. What has not ended by then counts as open. Default 30. */
  days?: number
}

/** A number that nobody knows: the least and the most that it came to, and what it came to as assumed. */
export interface Estimate {
  low: number
  expected: number
  high: number
}

/** What a campaign will probably come to. */
export interface Forecast {
  /** What became of the rows. */
  intake: IntakeReport
  /** When the first calls begin, as assumed; absent when there are none. */
  beginsAt?: number
  /** When the last contact ends; absent when that is not within `days`. Milliseconds since the epoch. */
  endsAt?: Estimate
  calls: Estimate
  /** Minutes talked. */
  minutes: Estimate
  /** Absent without a price. */
  cost?: Estimate
  /** Contacts: reached as the campaign counts success, given up, run out of time, and not ended within `days`. */
  contacts: { total: number; succeeded: Estimate; failed: Estimate; expired: Estimate; open: Estimate }
  /** Calls by outcome, as assumed. */
  byOutcome: Readonly<Record<string, number>>
  /** Every hour from the first call to the last: when it begins (milliseconds since the epoch), and the calls begun in it. */
  hours: readonly { at: number; calls: Estimate; answered: Estimate }[]
}

const DAY = 24 * HOUR
/**
 * Looks ahead: runs the campaign with the real engine (its windows, limits, retries, pace) on a clock that jumps, three
 * times: as assumed, and with fewer and more answers. Nothing is stored and no one is called. The contacts are read once.
 *
 * Errors: those of `calls.create` but `unknown_carrier`; `invalid_options` for what is assumed.
 */
export async function forecast<Schema extends z.ZodType>(options: ForecastOptions<Schema>): Promise<Forecast> {
  const { assume, at = Date.now(), limits, days = 30, start = 'now', ...campaign } = options
  if (!(days > 0 && days <= 3660)) {
    throw new OutdialError('invalid_options', `days: expected a number above 0, up to 3,660, not ${days}`, {
      field: 'days',
    })
  }
  const setting: Setting = {
    campaign: { ...campaign, name: 'Forecast', start: start === 'draft' ? 'now' : start } as Setting['campaign'],
    limits,
    contacts: readOnce(contactReader()),
    assumed: assumed(assume),
    from: at,
    span: days * DAY,
  }
  const expected = await oneRun(setting, 'expected')
  const others = [await oneRun(setting, 'low'), await oneRun(setting, 'high')]
  const of = (number: (run: RunResult) => number): Estimate => estimate(number(expected), others.map(number))
  const ends = [expected, ...others].flatMap(({ endedAt }) => endedAt ?? [])
  return {
    intake: expected.intake,
    ...(expected.beganAt !== undefined && { beginsAt: expected.beganAt }),
    ...(ends.length === 1 + others.length && { endsAt: of(({ endedAt = 0 }) => endedAt) }),
    calls: of(({ calls }) => calls),
    minutes: of(({ talked }) => Math.round(talked / 60_000)),
    ...(assume?.costPerMinute !== undefined && { cost: of(({ cost }) => cost) }),
    contacts: {
      total: expected.contacts.total,
      succeeded: of(({ contacts }) => contacts.succeeded),
      failed: of(({ contacts }) => contacts.failed),
      expired: of(({ contacts }) => contacts.expired),
      open: of(({ contacts }) => contacts.open),
    },
    byOutcome: expected.byOutcome,
    hours: curve([expected, ...others], of),
  }
}

function estimate(expected: number, others: readonly number[]): Estimate {
  return { low: Math.min(expected, ...others), expected, high: Math.max(expected, ...others) }
}

/** Hours without a call are in it, too: it is drawn as it is. */
function curve(runs: readonly RunResult[], of: (number: (run: RunResult) => number) => Estimate): Forecast['hours'] {
  const known = runs.flatMap(({ hours }) => [...hours.keys()])
  const first = known.reduce((least, hour) => Math.min(least, hour), Number.POSITIVE_INFINITY)
  const last = known.reduce((most, hour) => Math.max(most, hour), Number.NEGATIVE_INFINITY)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ({
    at: (first + i) * HOUR,
    calls: of(({ hours }) => hours.get(first + i)?.calls ?? 0),
    answered: of(({ hours }) => hours.get(first + i)?.answered ?? 0),
  }))
}
