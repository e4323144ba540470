import * as z from 'zod'
import { OutdialError } from '../errors/outdial-error.js'
import { parseOptions } from '../policy/options.js'

/**
 * What a call to somewhere costs. Amounts are in the account's smallest unit (cents, say) and may be fractions: 0.85 a minute is
 * $0.0085. Only what is talked is billed, never the ringing.
 */
export interface Rate {
  /** Per minute talked. */
  readonly perMinute: number
  /**
   * How talk is rounded up, in seconds, first and then: `60/60` bills whole minutes, `30/6` half a minute at least and then
   * every six seconds, `1/1` (default) every second. The first number is the minimum.
   */
  readonly billing?: `${number}/${number}` | undefined
  /** For every call that was placed, answered or not. Default 0. */
  readonly perCall?: number | undefined
}

/** The rates of one carrier, as data. */
export interface RateSheet {
  /** By the beginning of the called number, `+` first: `{ '+1': …, '+1305': … }`. The longest that fits counts. */
  readonly prefixes?: Readonly<Record<string, Rate>> | undefined
  /** For every other number. Default: those are not called (`rate_unknown`). */
  readonly default?: Rate | undefined
  /** Kept with each decision, so that it can be said later by what a call was judged. Default: none. */
  readonly version?: string | undefined
  /**
   * What a call is booked at. `cost` (default): what the carrier says it cost, where it says so, else by these rates. `rate`: by these
   * rates alone, whatever the carrier says: for who sells calls on.
   */
  readonly book?: 'cost' | 'rate' | undefined
  /**
   * The account's smallest units in one unit of the carrier's costs. Default: what the carrier says of itself
   * (`capabilities.costUnit`), else 1.
   */
  readonly costUnit?: number | undefined
}

/** A {@link Rate} as it is reckoned with: plain JSON, kept with each live call. */
export interface ParsedRate {
  readonly perMinute: number
  readonly perCall: number
  /** Seconds. */
  readonly first: number
  readonly then: number
}

/** Rates that can be looked up. A host that has them elsewhere brings its own; `rateOf` is asked for every call, so it answers at once. */
export interface RateTable {
  readonly version?: string | undefined
  readonly book: 'cost' | 'rate'
  /** See {@link RateSheet.costUnit}. */
  readonly costUnit?: number | undefined
  /** The rate of a number (E.164); `undefined`: nobody knows it, so it is not called. */
  rateOf(phone: string): ParsedRate | undefined
}

const MOST = 1_000_000_000
const amount = z.number().min(0).max(MOST)

const rateSchema = z
  .strictObject({
    perMinute: amount,
    billing: z
      .string()
      .regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/, { error: "expected seconds such as '60/60', '30/6' or '1/1'" })
      .optional(),
    perCall: amount.optional(),
  })
  .transform(({ perMinute, billing = '1/1', perCall = 0 }): ParsedRate => {
    const [first, then] = billing.split('/').map(Number) as [number, number]
    return { perMinute, perCall, first, then }
  })

const sheetSchema = z.strictObject({
  prefixes: z
    .record(
      z.string().regex(/^\+[1-9]\d{0,14}$/, { error: "expected the beginning of a number, such as '+1305'" }),
      rateSchema,
    )
    .optional(),
  default: rateSchema.optional(),
  version: z.string().min(1).max(100).optional(),
  book: z.enum(['cost', 'rate']).optional(),
  costUnit: z.number().gt(0).max(MOST).optional(),
})

/** Reads rates; throws `invalid_options` naming the place. */
export function rateTable(sheet: RateSheet, field = 'rates'): RateTable {
  const { prefixes = {}, default: other, version, book = 'cost', costUnit } = parseOptions(sheetSchema, sheet, field)
  const known = new Map(Object.entries(prefixes))
  if (known.size === 0 && !other) {
    throw new OutdialError(
      'invalid_options',
      `${field}: has neither prefixes nor a default, so nobody could be called`,
      {
        field,
      },
    )
  }
  const longest = Math.max(0, ...[...known.keys()].map(({ length }) => length))
  return {
    book,
    ...(version !== undefined && { version }),
    ...(costUnit !== undefined && { costUnit }),
    rateOf(phone) {
      for (let length = Math.min(longest, phone.length); length > 1; length--) {
        const rate = known.get(phone.slice(0, length))
        if (rate) return rate
      }
      return other
    },
  }
}
