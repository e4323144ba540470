import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OUTCOMES, type Outcome } from '../../src/lifecycle/outcome.js'
import { burn, decideRetry, NO_ATTEMPTS, type RetryMemo } from '../../src/policy/retry.js'
import { parseRetry, type RetryableOutcome, type RetryOptions, type RetryRule } from '../../src/policy/retry-options.js'
import { wallClock, ZONES, zoneAndInstant } from './wall-clock.js'

// Told again here, because the tests may not take it from the code they judge.
const FINAL: Outcome[] = ['invalid_number', 'unwanted', 'outcome_unknown']
const INFRASTRUCTURE: Outcome[] = ['network_error', 'carrier_error']
const RETRYABLE = OUTCOMES.filter((one) => !FINAL.includes(one) && !INFRASTRUCTURE.includes(one)) as RetryableOutcome[]

const delay = fc.integer({ min: 1_000, max: 7 * 86_400_000 })
const max = fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined })
const jitter = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined })
const rule = fc.oneof(
  fc.array(delay, { maxLength: 4 }),
  fc.record({ delays: fc.array(delay, { minLength: 1, maxLength: 4 }), max, jitter }),
  fc.record({
    exponential: fc.record({
      first: fc.integer({ min: 1_000, max: 60_000 }),
      factor: fc.double({ min: 1, max: 4, noNaN: true }),
      max: fc.integer({ min: 60_000, max: 86_400_000 }),
    }),
    max,
    jitter,
  }),
)
const retry: fc.Arbitrary<RetryOptions> = fc.record(
  Object.fromEntries(RETRYABLE.map((outcome) => [outcome, rule])) as Record<RetryableOutcome, typeof rule>,
  { requiredKeys: [] },
)
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const story = fc.array(fc.record({ outcome: fc.constantFrom(...OUTCOMES), random }), { minLength: 1, maxLength: 60 })

/** Shortest and longest wait that options allow before the n-th retry after an outcome, told from the options alone. */
function allowedWait(of: RetryRule, n: number): [number, number] {
  if (isList(of)) return spread(Number(of[n - 1]))
  if ('delays' in of) return spread(Number(of.delays[n - 1] ?? of.delays.at(-1)), of.jitter)
  if (!('exponential' in of)) throw new Error('not made here')
  const { first, factor = 2, max: longest } = of.exponential
  let wait = Number(first)
  for (let i = 1; i < n; i++) wait *= factor
  return spread(Math.min(wait, Number(longest)), of.jitter)
}

function allowedRetries(of: RetryRule | undefined): number {
  if (of === undefined) return 0
  return (isList(of) ? of.length : of.max) ?? Number.POSITIVE_INFINITY
}

function isList(of: RetryRule): of is Extract<RetryRule, readonly unknown[]> {
  return Array.isArray(of)
}

function spread(wait: number, by = 0): [number, number] {
  return [Math.max(wait * (1 - by), wait / 2), wait * (1 + by)]
}

describe('a task whose attempts end in any way', () => {
  it('ends once, within its attempts and its retries per outcome, and never waits less than it was told', () => {
    fc.assert(
      fc.property(retry, fc.integer({ min: 1, max: 8 }), story, (options, attempts, ends) => {
        const policy = parseRetry(options, 'retry')
        let memo: RetryMemo = NO_ATTEMPTS
        let at = Date.UTC(2026, 0, 1)
        const retried: Partial<Record<Outcome, number>> = {}
        let counted = 0
        let inARow = 0
        for (const { outcome, random } of ends) {
          const infrastructure = INFRASTRUCTURE.includes(outcome)
          counted += infrastructure ? 0 : 1
          inARow = infrastructure ? inARow + 1 : 0
          const after = decideRetry({ policy, attempts, memo, outcome, at, zone: 'UTC', random })
          memo = burn(memo, outcome)
          if (after.next === 'retry') expect(after.memo).toEqual(memo)
          expect(memo.burned).toBe(counted)
          expect(memo.burned).toBeLessThanOrEqual(attempts)
          expect(Object.values(memo.byOutcome).reduce((sum, n) => sum + n, 0)).toBe(counted)
          expect(memo.infrastructure).toBe(inARow)
          expect(JSON.parse(JSON.stringify(memo))).toEqual(memo)

          if (outcome === 'answered' || FINAL.includes(outcome)) {
            expect(after).toMatchObject({ next: outcome === 'answered' ? 'succeeded' : 'failed', reason: outcome })
            return
          }
          if (infrastructure) {
            expect(after.next).toBe(inARow < 20 ? 'retry' : 'failed')
            if (after.next !== 'retry') return
            expect(after.at - at).toBeGreaterThanOrEqual(1_000)
            expect(after.at - at).toBeLessThanOrEqual(400_000)
            at = after.at
            continue
          }
          const of = options[outcome as RetryableOutcome]
          const before = retried[outcome] ?? 0
          expect(after.next).toBe(before < allowedRetries(of) && counted < attempts ? 'retry' : 'failed')
          if (after.next !== 'retry' || of === undefined) return
          retried[outcome] = before + 1
          const [shortest, longest] = allowedWait(of, before + 1)
          expect(after.at - at).toBeGreaterThanOrEqual(shortest - 1)
          expect(after.at - at).toBeLessThanOrEqual(longest + 1)
          expect(Number.isInteger(after.at)).toBe(true)
          at = after.at
        }
      }),
      { numRuns: 3_000 },
    )
  })

  it('retries at a time of day that the clock on the wall shows, the first one that is late enough', () => {
    const minute = fc.integer({ min: 0, max: 1439 })
    fc.assert(
      fc.property(zoneAndInstant, minute, delay, ({ zone, at }, ofDay, after) => {
        const time = `${String(Math.floor(ofDay / 60)).padStart(2, '0')}:${String(ofDay % 60).padStart(2, '0')}`
        const policy = parseRetry({ busy: { at: time, after } }, 'retry')
        const decided = decideRetry({ policy, attempts: 2, memo: NO_ATTEMPTS, outcome: 'busy', at, zone, random: 0 })
        if (decided.next !== 'retry') throw new Error(decided.reason)
        const earliest = at + after
        expect(decided.at).toBeGreaterThanOrEqual(earliest)
        expect(decided.at - earliest).toBeLessThanOrEqual(51 * 3_600_000)
        // Unless the clocks skip that time, the wall shows it then, to the minute.
        if (wallClock(zone, decided.at).time !== time) {
          const day = 86_400_000
          const offsets = [-day, day].map((by) => wallClock(zone, decided.at + by).reading - (decided.at + by))
          expect(offsets[0]).toBeLessThan(offsets[1] ?? 0)
        }
        const shownBefore: number[] = []
        for (let i = Math.ceil(earliest / 60_000) * 60_000; i < decided.at; i += 60_000) {
          if (wallClock(zone, i).time === time) shownBefore.push(i)
        }
        // Only the second showing of a time that clocks show twice is passed over.
        for (const shown of shownBefore) {
          const again = [1, 0.5, 2, 3].some((hours) => wallClock(zone, shown - hours * 3_600_000).time === time)
          expect(again).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('is decided for any outcome, also with a policy and counts that make no sense', () => {
    fc.assert(
      fc.property(
        fc.record({
          policy: retry.map((options) => parseRetry(options, 'retry')),
          attempts: fc.integer(),
          memo: fc.record({ burned: fc.nat(), byOutcome: fc.constant({ busy: 1e9 }), infrastructure: fc.nat() }),
          outcome: fc.constantFrom(...OUTCOMES),
          at: fc.integer({ min: 0, max: 4e12 }),
          zone: fc.oneof(fc.constantFrom(...ZONES), fc.string()),
          random,
          successOutcomes: fc.subarray([...OUTCOMES]),
        }),
        (ended) => {
          const after = decideRetry(ended)
          expect(['succeeded', 'retry', 'failed']).toContain(after.next)
          if (after.next === 'retry') expect(after.at).toBeGreaterThan(ended.at)
          expect(after.next === 'succeeded').toBe(ended.successOutcomes.includes(ended.outcome))
        },
      ),
    )
  })
})
