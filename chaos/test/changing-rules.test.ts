import type { LedgerEntry, LedgerKind } from 'outdial'
import { expect, it } from 'vitest'
import { checkCaps } from '../judge/check-caps.js'
import { checkMoney } from '../judge/check-money.js'
import { checkRest } from '../judge/check-rest.js'
import type { LimitInForce, Wrong } from '../judge/evidence.js'

const entry = (at: number, kind: LedgerKind, ref: string, detail?: string): LedgerEntry => {
  const base = { at, kind, ref, to: `+1202555010${ref.split(':')[1]}`, from: '+12025550199' }
  return detail === undefined ? base : { ...base, detail }
}
const placed = (at: number, ref: string) => entry(at, 'placed', ref)

/** What a check complains of. */
function found(check: (complain: (wrong: Wrong) => void) => void): Wrong[] {
  const wrongs: Wrong[] = []
  check((wrong) => wrongs.push(wrong))
  return wrongs
}

const cap = (of: string, calls: number, since = 0, until?: number): LimitInForce => {
  return { of, calls, within: 60_000, since, ...(until !== undefined && { until }) }
}
const byCaps = (ledger: LedgerEntry[], ...limits: LimitInForce[]) =>
  found((complain) => checkCaps({ ledger, limits }, complain))

it('should find a person called more often than a cap allows, by all jobs that have it', () => {
  const twice = [placed(0, 'job:1:1:a'), placed(20_000, 'other:1:1:a')]
  const thrice = [...twice, placed(40_000, 'job:1:2:a')]
  expect(byCaps(twice, cap('job', 2), cap('other', 2))).toEqual([])
  expect(byCaps(thrice, cap('job', 2), cap('other', 2))).toEqual(['limit'])
  // A job that has no cap neither counts nor is counted.
  expect(byCaps(thrice, cap('job', 2))).toEqual([])
  // The window rolls, and a start that was granted at its end may be used for two seconds.
  const rolling = [...twice, placed(58_000, 'job:1:2:a'), placed(78_000, 'other:1:2:a')]
  expect(byCaps(rolling, cap('job', 2), cap('other', 2))).toEqual([])
})

it('should go by the cap that was in force when a start can have been granted', () => {
  const lowered = [cap('job', 2, 0, 10_000), cap('job', 1, 9_900)]
  expect(byCaps([placed(0, 'job:1:1:a'), placed(12_900, 'job:1:2:a')], ...lowered)).toEqual([])
  expect(byCaps([placed(0, 'job:1:1:a'), placed(13_100, 'job:1:2:a')], ...lowered)).toEqual(['limit'])
})

it('should find a call for which there was no money, whatever the others turn out to cost', () => {
  const prices = { worst: 6, cost: 2 }
  const byMoney = (ledger: LedgerEntry[], ...limits: LimitInForce[]) =>
    found((complain) => checkMoney({ ledger, limits, prices }, complain))
  const budget = { of: 'job', money: 12, since: 0 }
  const two = [placed(0, 'job:1:1:a'), placed(1, 'job:2:1:a')]
  expect(byMoney(two, budget)).toEqual([])
  expect(byMoney([...two, placed(2, 'job:3:1:a')], budget)).toEqual(['limit'])
  expect(byMoney([...two, placed(2, 'other:3:1:a')], budget)).toEqual([])
  const over = [...two, entry(10, 'ended', 'job:1:1:a', 'answered'), entry(10, 'ended', 'job:2:1:a', 'answered')]
  expect(byMoney([...over, placed(20, 'job:3:1:a')], budget)).toEqual([])
  const lowered = [
    { ...budget, until: 5 },
    { of: 'job', money: 9, since: 4 },
  ]
  expect(byMoney([...over, placed(3_000, 'job:3:1:a')], ...lowered)).toEqual([])
  expect(byMoney([...over, placed(3_100, 'job:3:1:a')], ...lowered)).toEqual(['limit'])
})

it('should find a call to somebody who is left alone, from when the store knew of the answer', () => {
  const limits = [{ of: 'job', rest: 20_000, since: -9_000 }]
  const data = { type: 'closed', index: 1, ref: 'job:1:1:a', placed: true, outcome: 'answered', result: '' } as const
  const jobs = [{ events: [{ seq: 1, at: 4_000, data }] }]
  const again = (at: number) => {
    const answered = [placed(0, 'job:1:1:a'), entry(500, 'ended', 'job:1:1:a', 'answered')]
    const ledger = [...answered, placed(at, 'other:1:1:a')]
    return found((complain) => checkRest({ ledger, jobs, limits, sameClock: true }, complain))
  }
  expect(again(6_900)).toEqual([])
  expect(again(7_100)).toEqual(['policy'])
  expect(again(20_400)).toEqual(['policy'])
  expect(again(20_600)).toEqual([])
})
