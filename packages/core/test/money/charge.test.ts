import { expect, it } from 'vitest'
import type { CallSpec, JobContext } from '../../src/jobs/spec.js'
import { chargeOf, termsText } from '../../src/money/charge.js'
import { type ParsedRate, type RateTable, rateTable } from '../../src/money/rates.js'

const NOON = Date.UTC(2027, 0, 4, 12)
const DAY = 86_400_000
const job = {
  id: 'j',
  organization: 'acme',
  spec: { timezone: 'UTC', maxDuration: 60_000, money: { zone: 'UTC' } },
} as unknown as JobContext<CallSpec>

/** One unit for every minute that is begun. */
function aMinute(): { -readonly [Name in keyof ParsedRate]: ParsedRate[Name] } {
  const rate = rateTable({ default: { perMinute: 1, billing: '60/60' } }).rateOf('+12025550100') as ParsedRate
  return { ...rate }
}

/** A host's own rates: the same object for every call. */
function tableOf(rate: ParsedRate): RateTable {
  return { book: 'rate', rateOf: () => rate }
}

function chargedAt(rates: RateTable, now: number) {
  const charge = chargeOf(job, '+12025550100', rates, now)
  if (!charge || 'unknown' in charge) throw new Error('no charge')
  return charge
}

it('gives calls by the same rate the same terms, and holds on the same day', () => {
  const rates = tableOf(aMinute())
  const [one, other] = [chargedAt(rates, NOON), chargedAt(rates, NOON + 1)]
  expect(other.terms).toBe(one.terms)
  expect(other.holds).toBe(one.holds)
  expect(JSON.parse(termsText(one.terms))).toEqual(one.terms)
  expect(one.until).toBe(NOON + DAY / 2)
  expect(one.holds.map(({ key }) => key)).toContain('money:job:j:day:2027-01-04')
})

it('reckons by what a rate is now, and leaves what calls were fenced by as it was', () => {
  const rate = aMinute()
  const rates = tableOf(rate)
  const before = chargedAt(rates, NOON)
  rate.perMinute = 2
  const after = chargedAt(rates, NOON)
  expect(after.terms.worst).toBe(before.terms.worst * 2)
  expect(after.holds[0]?.n).toBe((before.holds[0]?.n ?? 0) * 2)
  expect(before.terms.rate.perMinute).toBe(1)
  const byCost = chargedAt({ ...rates, book: 'cost', version: 'v2' }, NOON)
  expect(byCost.terms).toMatchObject({ book: 'cost', version: 'v2' })
})

it('counts a call of the next day there, and one of the day before where it was', () => {
  const rates = tableOf(aMinute())
  const days = [NOON, NOON + DAY, NOON].map((now) => chargedAt(rates, now).holds[1]?.key)
  expect(days).toEqual(['2027-01-04', '2027-01-05', '2027-01-04'].map((date) => `money:job:j:day:${date}`))
})
