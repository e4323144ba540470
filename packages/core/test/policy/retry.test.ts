import { describe, expect, it } from 'vitest'
import { OUTCOMES, type Outcome } from '../../src/lifecycle/outcome.js'
import {
  type AfterAttempt,
  DEFAULT_RETRY,
  decideRetry,
  type EndedAttempt,
  infrastructureBackoff,
  NO_ATTEMPTS,
} from '../../src/policy/retry.js'
import {
  parseRetry,
  type RetryOptions,
  retriedSuccesses,
  successOutcomesSchema,
} from '../../src/policy/retry-options.js'

const AT = Date.parse('2026-03-02T15:00:00Z')
const MINUTE = 60_000

/** Plays outcomes one after another, each as soon as it is allowed, and tells what happened after each. */
function play(
  retry: RetryOptions | undefined,
  attempts: number,
  outcomes: Outcome[],
  more: Partial<EndedAttempt> = {},
) {
  const policy = retry === undefined ? DEFAULT_RETRY : parseRetry(retry, 'retry')
  let at = AT
  let memo = NO_ATTEMPTS
  return outcomes.map((outcome) => {
    const after: AfterAttempt = decideRetry({
      policy,
      attempts,
      memo,
      outcome,
      at,
      zone: 'America/New_York',
      random: 0.5,
      ...more,
    })
    if (after.next !== 'retry') return after.reason
    memo = after.memo
    const waited = (after.at - at) / MINUTE
    at = after.at
    return waited
  })
}

describe('retrying by outcome', () => {
  it('waits the n-th delay of a list and stops at its end', () => {
    const heard = play({ no_answer: ['5m', '30m'] }, 10, ['no_answer', 'no_answer', 'no_answer'])
    expect(heard).toEqual([5, 30, 'retries_for_outcome_exhausted'])
  })

  it('repeats the last delay of `delays` until the attempts run out', () => {
    const heard = play({ no_answer: { delays: ['5m', '30m'] } }, 4, Array(4).fill('no_answer'))
    expect(heard).toEqual([5, 30, 30, 'attempts_exhausted'])
  })

  it('counts each outcome by itself, and attempts over all', () => {
    const rules: RetryOptions = { no_answer: ['5m', '30m'], busy: { delays: ['1m'], max: 2 } }
    expect(play(rules, 9, ['no_answer', 'busy', 'no_answer', 'busy', 'busy'])).toEqual([
      5,
      1,
      30,
      1,
      'retries_for_outcome_exhausted',
    ])
    expect(play(rules, 3, ['no_answer', 'busy', 'no_answer'])).toEqual([5, 1, 'attempts_exhausted'])
  })

  it('takes the delay of the attempt when told so, whatever came of the others', () => {
    const rule = { delays: ['5m', '30m', '2h'], by: 'attempt' } as const
    const rules: RetryOptions = { no_answer: rule, busy: rule }
    expect(play(rules, 9, ['no_answer', 'busy', 'busy', 'no_answer'])).toEqual([5, 30, 120, 120])
    expect(play({ ...rules, busy: { ...rule, by: 'outcome' } }, 9, ['no_answer', 'busy', 'busy'])).toEqual([5, 5, 30])
    expect(play({ ...rules, busy: { ...rule, max: 1 } }, 9, ['no_answer', 'busy', 'busy'])).toEqual([
      5,
      30,
      'retries_for_outcome_exhausted',
    ])
    // Trouble of the carrier is no attempt.
    expect(play(rules, 9, ['no_answer', 'network_error', 'busy'])[2]).toBe(30)
    expect(() => parseRetry({ busy: { ...rule, by: 'moon' as 'attempt' } }, 'retry')).toThrow(/retry\.busy\.by/)
  })

  it('grows exponentially up to the longest delay', () => {
    const rules: RetryOptions = { busy: { exponential: { first: '1m', factor: 3, max: '10m' } } }
    expect(play(rules, 6, Array(5).fill('busy'))).toEqual([1, 3, 9, 10, 10])
  })

  it('waits for a time of day where the called person is', () => {
    // 15:00Z is 10:00 in New York.
    expect(play({ busy: { at: '13:00' } }, 3, ['busy', 'busy'])).toEqual([180, 24 * 60])
    expect(play({ busy: { at: '10:30' } }, 3, ['busy'])).toEqual([24 * 60 + 30])
    expect(play({ busy: { at: '10:30', after: '30m' } }, 3, ['busy'])).toEqual([30])
    expect(play({ busy: { at: '10:30', after: '30m', spread: '10m' } }, 3, ['busy'])).toEqual([35])
    expect(play({ busy: { at: '10:30' } }, 3, ['busy'], { zone: 'Mars/Olympus' })).toEqual([25 * 60])
  })

  it('spreads by jitter, but never to less than half', () => {
    const rules: RetryOptions = { busy: { delays: ['10m'], jitter: 0.2 }, no_answer: { delays: ['10m'], jitter: 1 } }
    expect(play(rules, 3, ['busy'], { random: 0 })).toEqual([8])
    expect(play(rules, 3, ['busy'], { random: 1 - 1e-12 })).toEqual([12])
    expect(play(rules, 3, ['no_answer'], { random: 0 })).toEqual([5])
  })

  it('does by default what people expect of a phone', () => {
    expect(play(undefined, 4, ['no_answer', 'busy', 'no_answer', 'busy'])).toEqual([5, 5, 30, 'attempts_exhausted'])
    expect(play(undefined, 4, ['voicemail'])).toEqual(['outcome_not_retried'])
    expect(play(undefined, 1, ['no_answer'])).toEqual(['attempts_exhausted'])
  })

  it('says why a task is called again, and why not', () => {
    const ended = { policy: DEFAULT_RETRY, attempts: 3, memo: NO_ATTEMPTS, at: AT, zone: 'UTC', random: 0.5 }
    expect(decideRetry({ ...ended, outcome: 'busy' })).toMatchObject({ next: 'retry', reason: 'outcome_retried' })
    expect(decideRetry({ ...ended, outcome: 'network_error' })).toMatchObject({
      next: 'retry',
      reason: 'infrastructure',
    })
    expect(play({ busy: [] }, 3, ['busy'])).toEqual(['outcome_not_retried'])
  })

  it('takes success from data', () => {
    expect(play(undefined, 3, ['answered'])).toEqual(['answered'])
    expect(play(undefined, 3, ['voicemail'], { successOutcomes: ['answered', 'voicemail'] })).toEqual(['voicemail'])
    expect(play({ answered: ['5m'] }, 3, ['answered'], { successOutcomes: ['voicemail'] })).toEqual([5])
  })

  it.each(['invalid_number', 'unwanted', 'outcome_unknown'] as const)('never calls again after %s', (outcome) => {
    expect(play(undefined, 9, [outcome])).toEqual([outcome])
  })

  it('does not count infrastructure failures as attempts, but gives up after many in a row', () => {
    const trunk = Array<Outcome>(99).fill('network_error')
    const heard = play({ no_answer: ['5m'] }, 2, [...trunk, 'no_answer', ...trunk, 'carrier_error'])
    expect(heard.slice(0, 3)).toEqual([2 / 60, 4 / 60, 8 / 60])
    expect(heard[98]).toBe(5)
    expect(heard[99]).toBe(5)
    expect(heard.at(-2)).toBe(5)
    expect(heard.at(-1)).toBe('infrastructure')
    expect(play({}, 1, ['carrier_error', 'carrier_error'], { infrastructureLimit: 2 }).at(-1)).toBe('infrastructure')
  })

  it('backs infrastructure off from 2 s to 5 min', () => {
    expect([1, 2, 8, 9, 1000].map((count) => infrastructureBackoff(count, 0.5))).toEqual([
      2e3, 4e3, 256e3, 300e3, 300e3,
    ])
    expect(infrastructureBackoff(1, 0)).toBe(1400)
  })
})

describe('retry options', () => {
  it.each<[unknown, string, string]>([
    [{ invalid_number: ['5m'] }, 'retry.invalid_number', 'is final'],
    [{ unwanted: ['5m'] }, 'retry.unwanted', 'is final'],
    [{ outcome_unknown: [] }, 'retry.outcome_unknown', 'is final'],
    [{ network_error: ['5m'] }, 'retry.network_error', 'always retried'],
    [{ no_anwser: ['5m'] }, 'retry.no_anwser', 'no_anwser'],
    [{ no_answer: ['5m', '5 minutes'] }, 'retry.no_answer[1]', 'not a duration'],
    [{ no_answer: ['5'] }, 'retry.no_answer[0]', 'has no unit'],
    [{ no_answer: [5] }, 'retry.no_answer[0]', 'is shorter than 1s'],
    [{ no_answer: '5m' }, 'retry.no_answer', 'expected delays'],
    [{ no_answer: null }, 'retry.no_answer', 'expected delays'],
    [{ no_answer: { delays: [] } }, 'retry.no_answer.delays', ''],
    [{ no_answer: { delays: ['5m'], max: 0 } }, 'retry.no_answer.max', ''],
    [{ no_answer: { delays: ['5m'], jitter: 1.5 } }, 'retry.no_answer.jitter', ''],
    [{ no_answer: { delays: ['5m'], jiter: 0.5 } }, 'retry.no_answer.jiter', 'jiter'],
    [{ busy: { exponential: { first: '2h', max: '1h' } } }, 'retry.busy.exponential.max', 'shorter than the first'],
    [{ busy: { exponential: { first: '2h', factor: 0.5 } } }, 'retry.busy.exponential.factor', ''],
    [{ busy: { at: '24:00' } }, 'retry.busy.at', 'not a time of day'],
    [{ busy: { at: '09:60' } }, 'retry.busy.at', "'09:60' is not a time of day; they go from 00:00 to 23:59"],
    [{ busy: { at: '109:00' } }, 'retry.busy.at', "'109:00' is not a time of day"],
    [{ busy: { at: '09:000' } }, 'retry.busy.at', "'09:000' is not a time of day"],
    [{ busy: { at: ' 9 ' } }, 'retry.busy.at', "'9' is not a time of day such as '09:00'"],
    [{ busy: { at: 9 } }, 'retry.busy.at', "number is not a time of day such as '09:00'"],
    [{ busy: { at: '13:00', jitter: 0.1 } }, 'retry.busy.jitter', 'jitter'],
  ])('refuses %j', (options, field, message) => {
    expect(() => parseRetry(options as RetryOptions, 'retry')).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        details: expect.objectContaining({ field }),
        message: expect.stringContaining(message),
      }),
    )
  })

  it('names every problem, the first first', () => {
    expect(() => parseRetry({ busy: ['x', 'y'] }, 'retry')).toThrow(
      expect.objectContaining({
        details: {
          field: 'retry.busy[0]',
          problems: [
            expect.objectContaining({ field: 'retry.busy[0]' }),
            expect.objectContaining({ field: 'retry.busy[1]' }),
          ],
        },
      }),
    )
  })

  it('becomes plain JSON', () => {
    const policy = parseRetry({ busy: { exponential: { first: '25h' } }, no_answer: [], voicemail: undefined }, 'retry')
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy)
    expect(policy.rules).toStrictEqual({
      busy: { kind: 'exponential', first: 90_000_000, factor: 2, longest: 90_000_000, jitter: 0 },
      no_answer: { kind: 'delays', delays: [], max: 0, jitter: 0 },
    })
  })

  it('knows what can be a success', () => {
    expect(successOutcomesSchema.parse(['answered', 'voicemail'])).toEqual(['answered', 'voicemail'])
    const possible = OUTCOMES.filter((outcome) => successOutcomesSchema.safeParse([outcome]).success)
    expect(OUTCOMES.filter((outcome) => !possible.includes(outcome))).toEqual([
      'invalid_number',
      'unwanted',
      'network_error',
      'carrier_error',
      'outcome_unknown',
    ])
    expect(successOutcomesSchema.safeParse([]).success).toBe(false)
  })

  it('finds successes that are retried', () => {
    expect(retriedSuccesses(parseRetry({ voicemail: ['1h'] }, 'retry'), ['answered', 'voicemail'])).toEqual([
      'voicemail',
    ])
  })
})
