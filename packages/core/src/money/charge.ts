import type { CallEnd } from '../calls/live-call.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import type { Outcome } from '../lifecycle/outcome.js'
import { derivedFrom } from '../policy/cached.js'
import type { Hold } from '../ports/storage-limits.js'
import { costOf, MICRO, micros, worstOf } from './amount.js'
import { moneyHolds, moneyPlace } from './keys.js'
import type { ParsedRate, RateTable } from './rates.js'

/** By what a call is reckoned, from its fence on and whatever changes later: plain JSON, kept with the attempt and with its record. */
export interface CallTerms {
  /** What it may cost at most, in micro-units. */
  readonly worst: number
  readonly rate: ParsedRate
  readonly book: 'cost' | 'rate'
  /** The account's smallest units in one of the carrier's costs. */
  readonly unit: number
  /** Of the rates. */
  readonly version?: string
}

/** What a fence takes for a call, or why it cannot be asked. */
export type Charge =
  | { readonly terms: CallTerms; readonly holds: readonly Hold[]; readonly until: number }
  | { readonly unknown: 'rate_unknown' }

/** What a call to this number is charged; `undefined` for jobs that are not charged. What nobody can price is not called. */
export function chargeOf(
  job: JobContext<CallSpec>,
  phone: string,
  rates: RateTable | undefined,
  now: number,
): Charge | undefined {
  if (!job.spec.money) return undefined
  const rate = rates?.rateOf(phone)
  const place = moneyPlace(job, now)
  if (!rates || !rate || !place) return { unknown: 'rate_unknown' }
  const terms = termsOf(rate, rates, job.spec.maxDuration)
  const { worst, book } = terms
  if (!Number.isSafeInteger(worst) || worst < 0) return { unknown: 'rate_unknown' }
  // What is held says where it is counted: by a rate of nothing a call may cost something all the same.
  return { terms, holds: moneyHolds(place, book === 'cost' ? Math.max(1, worst) : worst), until: place.until }
}

const termsByRate = new WeakMap<ParsedRate, { readonly terms: CallTerms; readonly maxDuration: number }>()

/** The terms of calls by a rate: the same ones as long as they say the same. A host's rate may be another one tomorrow. */
function termsOf(given: ParsedRate, { version, book, costUnit: unit = 1 }: RateTable, maxDuration: number): CallTerms {
  const known = termsByRate.get(given)
  if (known?.maxDuration === maxDuration) {
    const { terms } = known
    if (terms.version === version && terms.book === book && terms.unit === unit && isSame(terms.rate, given))
      return terms
  }
  const { perMinute, perCall, first, then } = given
  const rate = { perMinute, perCall, first, then }
  const terms = { worst: worstOf(rate, maxDuration), rate, book, unit, ...(version !== undefined && { version }) }
  termsByRate.set(given, { terms, maxDuration })
  return terms
}

function isSame(one: ParsedRate, other: ParsedRate): boolean {
  return (
    one.perMinute === other.perMinute &&
    one.perCall === other.perCall &&
    one.first === other.first &&
    one.then === other.then
  )
}

const texts = new WeakMap<CallTerms, { readonly text: string }>()

/** Terms as JSON. Many calls have the same. */
export function termsText(terms: CallTerms): string {
  return derivedFrom(texts, terms, () => ({ text: JSON.stringify(terms) })).text
}

/** What a call is booked at, in micro-units: what it cost, else what it must have cost, else the worst. */
export function spentOn(
  { worst, rate, book, unit }: CallTerms,
  end: Pick<CallEnd, 'outcome' | 'endedAt' | 'duration' | 'cost'>,
  answeredAt: number | undefined,
): number {
  const { cost } = end
  if (book === 'cost' && cost !== undefined && cost >= 0 && cost * unit <= Number.MAX_SAFE_INTEGER / MICRO)
    return micros(cost * unit)
  const talked = talkedOf(end, answeredAt)
  const spent = talked === undefined ? worst : costOf(rate, talked)
  // Rates of the host's own may tell no price for so long a call; a number that is none would end its budget, or have it never end.
  return Number.isSafeInteger(spent) && spent >= 0 ? spent : worst
}

/** Outcomes of calls that somebody or something has taken. */
const TAKEN: ReadonlySet<Outcome | undefined> = new Set<Outcome | undefined>([
  'answered',
  'voicemail',
  'fax',
  'abandoned',
  'outcome_unknown',
  undefined,
])

/** How long was talked; `undefined` when nobody can say. */
function talkedOf(
  { outcome, endedAt, duration }: Pick<CallEnd, 'outcome' | 'endedAt' | 'duration'>,
  answeredAt: number | undefined,
): number | undefined {
  if (duration !== undefined) return duration
  if (outcome === 'outcome_unknown') return undefined
  if (answeredAt !== undefined) return Math.max(0, endedAt - answeredAt)
  return TAKEN.has(outcome) ? undefined : 0
}
