import type { JobRecord, LedgerEntry, LedgerKind, Recount, StoredEvent } from 'outdial'
import { expect, it } from 'vitest'
import { checkPace, excess } from '../judge/check-pace.js'
import type { Evidence, LimitInForce, Stop, Wrong } from '../judge/evidence.js'
import { judge } from '../judge/judge.js'

const entry = (at: number, kind: LedgerKind, ref: string, detail?: string): LedgerEntry => {
  const base = { at, kind, ref, to: `+1202555010${ref.split(':')[1]}`, from: '+12025550199' }
  return detail === undefined ? base : { ...base, detail }
}

/** What is found in a ledger alone; none of its calls has a grant, which is not what is asked here. */
function found(ledger: LedgerEntry[], more: { limits?: LimitInForce[]; stops?: Stop[] } = {}): Wrong[] {
  const { limits = [], stops = [] } = more
  const evidence: Evidence = { ledger, jobs: [], limits, stops, retried: ['busy'], sameClock: true, stuck: [] }
  const verdict = Object.entries(judge(evidence)) as [Wrong, string[]][]
  return verdict.flatMap(([wrong, messages]) => messages.filter((text) => !/never granted/.test(text)).map(() => wrong))
}

it('should find nothing in a retry that an outcome asked for', () => {
  const ledger = [
    entry(0, 'placed', 'job:1:1:a'),
    entry(10, 'ended', 'job:1:1:a', 'busy'),
    entry(20, 'placed', 'job:1:2:b'),
    entry(30, 'ended', 'job:1:2:b', 'answered'),
  ]
  expect(found(ledger)).toEqual([])
})

it.each([
  ['with the same ref', [entry(0, 'placed', 'job:1:1:a'), entry(5, 'placed', 'job:1:1:a')]],
  ['at once', [entry(0, 'placed', 'job:1:1:a'), entry(5, 'placed', 'job:1:2:b')]],
  [
    'after an answer',
    [entry(0, 'placed', 'job:1:1:a'), entry(5, 'ended', 'job:1:1:a', 'answered'), entry(9, 'placed', 'job:1:2:b')],
  ],
])('should find somebody called twice, %s', (_, ledger) => {
  expect(found(ledger)).toEqual(['duplicate'])
})

it('should find more live calls than allowed, and not mind those that a lowered limit left', () => {
  const placed = [0, 1, 2].map((n) => entry(n, 'placed', `job:${n}:1:a`))
  expect(found(placed, { limits: [{ of: 'all', concurrency: 2, since: 0 }] })).toEqual(['limit'])
  expect(found(placed, { limits: [{ of: 'job', concurrency: 3, since: 0 }] })).toEqual([])
  const limits = [
    { of: 'all', concurrency: 3, since: 0, until: 100 },
    { of: 'all', concurrency: 1, since: 90 },
  ]
  expect(found(placed, { limits })).toEqual([])
  expect(found([...placed, entry(9_000, 'placed', 'job:5:1:a')], { limits })).toEqual(['limit'])
})

it('should find a pace that is exceeded, in whatever window', () => {
  expect(excess([0, 100, 200, 300], 10)).toBeCloseTo(1)
  expect(excess([0, 100, 110, 300], 10)).toBeCloseTo(1.9)
  expect(excess([0, 10_000, 10_001, 10_002], 10)).toBeCloseTo(2.98)
  const rush = Array.from({ length: 60 }, (_, n) => entry(n, 'placed', `job:${n}:1:a`))
  expect(found(rush, { limits: [{ of: 'all', cps: 10, burst: 1, since: 0 }] })).toEqual(['limit'])
})

it.each([
  ['nothing in starts that rounding alone has early', 0, []],
  ['a millisecond too little between two of thousands', 1, ['limit']],
])('should find %s', (_, early, expected) => {
  const rate = 55 + 17 / 30
  let at = Date.parse('2026-11-22T22:40:00.123Z') + 0.4
  const events: StoredEvent[] = []
  for (let n = 0; n < 2_000; n++) {
    const ref = `job:${n}:1:a`
    events.push({ seq: n + 1, at, data: { type: 'fenced', index: n, ref, choice: 0, startAt: at, memo: '' } })
    at += 1000 / rate - (n === 1_500 ? early : 0)
  }
  const starts = events.map(({ at }) => at)
  expect(excess(starts, rate)).toBeGreaterThan(1.005)
  const recount = { counts: {}, outcomes: {}, reasons: {}, holds: {} } as Recount
  const jobs = [{ expected: events.length, record: { id: 'job' } as JobRecord, recount, tasks: [], events }]
  const limits = [{ of: 'job', cps: rate, burst: 1, since: 0 }]
  const wrong: Wrong[] = []
  checkPace({ ledger: [], jobs, limits, stops: [], retried: [], sameClock: true, stuck: [] }, (what) =>
    wrong.push(what),
  )
  expect(wrong).toEqual(expected)
})

it('should find a call after a stop, and allow those that were granted before', () => {
  const ledger = [entry(1_500, 'placed', 'job:1:1:a'), entry(5_000, 'placed', 'job:2:1:a')]
  expect(found(ledger, { stops: [{ what: 'a pause', jobId: 'job', since: 0 }] })).toEqual(['policy'])
  expect(found(ledger, { stops: [{ what: 'a pause', jobId: 'job', since: 0, until: 4_000 }] })).toEqual([])
  expect(found(ledger, { stops: [{ what: 'a stop', numbers: new Set(['+12025550101']), since: 0 }] })).toEqual([])
})
