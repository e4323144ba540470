import { HOUR, type RunResult } from './one-run.js'

/** A number that nobody knows: the least and the most that it came to, and what it came to as assumed. */
export interface Estimate {
  low: number
  expected: number
  high: number
}

/** What a campaign will probably come to. */
export interface Prospect {
  /** When the first calls begin, as assumed; absent when there are none. */
  beginsAt?: number
  /** When the last contact ends; absent when that is not within `days`. Milliseconds since the epoch. */
  endsAt?: Estimate
  calls: Estimate
  /** Minutes talked. */
  minutes: Estimate
  /** Why it pauses itself, as assumed, and does not go on: `budget_exhausted`. Absent: it ends, or goes on. */
  paused?: string
  /** Absent without a price. */
  cost?: Estimate
  /** Contacts: reached as the campaign counts success, given up, left out, run out of time, and not ended within `days`. */
  contacts: {
    total: number
    succeeded: Estimate
    failed: Estimate
    skipped: Estimate
    expired: Estimate
    open: Estimate
  }
  /** Calls by outcome, as assumed. */
  byOutcome: Readonly<Record<string, number>>
  /** Every hour from the first call to the last: when it begins (milliseconds since the epoch), and the calls begun in it. */
  hours: readonly { at: number; calls: Estimate; answered: Estimate }[]
}

/** What several runs came to, the first of them as assumed. Each contact in them stands for `each`. */
export function prospectOf(
  [expected, ...others]: readonly [RunResult, ...RunResult[]],
  priced: boolean,
  each = 1,
): Prospect {
  const of = (number: (run: RunResult) => number): Estimate => estimate(number(expected), others.map(number))
  const counted = (number: (run: RunResult) => number): Estimate => of((run) => Math.round(number(run) * each))
  const ends = [expected, ...others].flatMap(({ endedAt }) => endedAt ?? [])
  return {
    ...(expected.beganAt !== undefined && { beginsAt: expected.beganAt }),
    ...(ends.length === 1 + others.length && { endsAt: of(({ endedAt = 0 }) => endedAt) }),
    ...(expected.paused !== undefined && { paused: expected.paused }),
    calls: counted(({ calls }) => calls),
    minutes: counted(({ talked }) => talked / 60_000),
    ...(priced && { cost: of(({ cost }) => cost * each) }),
    contacts: {
      total: Math.round(expected.contacts.total * each),
      succeeded: counted(({ contacts }) => contacts.succeeded),
      failed: counted(({ contacts }) => contacts.failed),
      skipped: counted(({ contacts }) => contacts.skipped),
      expired: counted(({ contacts }) => contacts.expired),
      open: counted(({ contacts }) => contacts.open),
    },
    byOutcome: Object.fromEntries(
      Object.entries(expected.byOutcome).map(([name, calls]) => [name, Math.round(calls * each)]),
    ),
    hours: curve([expected, ...others], counted),
  }
}

function estimate(expected: number, others: readonly number[]): Estimate {
  return { low: Math.min(expected, ...others), expected, high: Math.max(expected, ...others) }
}

/** Hours without a call are in it, too: it is drawn as it is. */
function curve(runs: readonly RunResult[], of: (number: (run: RunResult) => number) => Estimate): Prospect['hours'] {
  const known = runs.flatMap(({ hours }) => [...hours.keys()])
  const first = known.reduce((least, hour) => Math.min(least, hour), Number.POSITIVE_INFINITY)
  const last = known.reduce((most, hour) => Math.max(most, hour), Number.NEGATIVE_INFINITY)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ({
    at: (first + i) * HOUR,
    calls: of(({ hours }) => hours.get(first + i)?.calls ?? 0),
    answered: of(({ hours }) => hours.get(first + i)?.answered ?? 0),
  }))
}
