import { amountOf, costOf, worstOf } from './amount.js'
import type { RateTable } from './rates.js'

/** What is taken for granted about people who are called. */
export interface CostAssumptions {
  /** Share of calls that are answered, from 0 to 1. Default 0.35. */
  readonly answered?: number | undefined
  /** How long an answered call talks, in milliseconds. Default two minutes, at most `maxDuration`. */
  readonly talk?: number | undefined
}

/** What is to be estimated. */
export interface EstimateInput {
  /** Whom to call: numbers (E.164), with attempts of their own if they have. */
  readonly contacts: Iterable<{ readonly phone: string; readonly attempts?: number | undefined }>
  readonly rates: RateTable
  /** Attempts per contact, the first included. */
  readonly attempts: number
  /** Milliseconds. */
  readonly maxDuration: number
  readonly assume?: CostAssumptions | undefined
}

/** A number with its bounds. */
export interface CostRange {
  readonly min: number
  readonly expected: number
  readonly max: number
}

/** What a campaign may cost, in the account's smallest unit with fractions. */
export interface CostEstimate extends CostRange {
  /** Contacts with a rate, and those without, who are not called. */
  readonly contacts: number
  readonly unknown: number
  /** What one call may cost at most, to the dearest of these numbers. */
  readonly dearest: number
}

/**
 * What calling these contacts may cost. `min`: each is called once and nobody answers. `max`: each is called as often as allowed and
 * talks until it is hung up. `expected`: by the assumptions, called until somebody answers. Pure.
 */
export function estimateCost({ contacts, rates, attempts, maxDuration, assume = {} }: EstimateInput): CostEstimate {
  const { answered = 0.35, talk = 120_000 } = assume
  const sum = { min: 0, expected: 0, max: 0, contacts: 0, unknown: 0, dearest: 0 }
  for (const { phone, attempts: own = attempts } of contacts) {
    const rate = rates.rateOf(phone)
    if (!rate) {
      sum.unknown++
      continue
    }
    const missed = costOf(rate, 0)
    const worst = worstOf(rate, maxDuration)
    const reached = 1 - (1 - answered) ** own
    // Until one is answered: the sum of (1 - p)^i over the attempts.
    const calls = answered > 0 ? reached / answered : own
    sum.contacts++
    sum.min += own > 0 ? missed : 0
    sum.expected += calls * missed + reached * (costOf(rate, Math.min(talk, maxDuration)) - missed)
    sum.max += own * worst
    sum.dearest = Math.max(sum.dearest, worst)
  }
  return {
    min: amountOf(sum.min),
    expected: amountOf(sum.expected),
    max: amountOf(sum.max),
    contacts: sum.contacts,
    unknown: sum.unknown,
    dearest: amountOf(sum.dearest),
  }
}
