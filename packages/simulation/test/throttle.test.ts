import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Throttle } from '../src/carrier/throttle.js'
import { attemptAt, bench, handleOf } from './support/calls.js'
import { turns } from './support/turns.js'

describe('calls per second', () => {
  test('above them calls are refused as throttled, with the time after which one is taken', async () => {
    const { carrier, clock } = bench({ capabilities: { cps: 2 } })
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await carrier.place(attemptAt(i)))
    expect(answers.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'rejected', 'rejected'])
    expect(answers[2]).toEqual({ status: 'rejected', reason: 'throttled', code: '429', retryAfter: 500 })
    await clock.advance(499)
    expect(await carrier.place(attemptAt(4))).toMatchObject({ reason: 'throttled', retryAfter: 1 })
    await clock.advance(1)
    expect(await carrier.place(attemptAt(4))).toMatchObject({ status: 'accepted' })
    expect([...carrier.ledger].map(({ kind, detail }) => detail ?? kind)).toEqual([
      ...['placed', 'placed', 'throttled', 'throttled', 'throttled', 'placed'],
    ])
  })

  test('queue: they are accepted, wait, and start at the pace', async () => {
    const { carrier, clock, events, heardOf } = bench({ capabilities: { cps: 2 }, burst: 1, queue: true })
    const start = clock.now()
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await carrier.place(attemptAt(i)))
    expect(answers.map((answer) => answer.status === 'accepted' && answer.state)).toEqual([
      ...[undefined, 'queued', 'queued', 'queued'],
    ])
    expect(events).toEqual([])
    await clock.runUntilIdle()
    expect(heardOf(attemptAt(3))).toEqual(['queued', 'ringing', 'answered', 'ended'])
    const ringing = events.filter(({ type }) => type === 'ringing').map(({ at = 0 }) => at - start)
    expect(ringing).toEqual([1_000, 1_500, 2_000, 2_500])
  })

  test('queue: hung up while waiting, it is never dialed; instant calls do not wait', async () => {
    const { carrier, clock, heardOf } = bench({ capabilities: { cps: 1 }, queue: true })
    await carrier.place(attemptAt(1))
    await carrier.place(attemptAt(2))
    expect(await carrier.hangup?.(handleOf(attemptAt(2), clock.now()))).toBe('done')
    await clock.runUntilIdle()
    expect(heardOf(attemptAt(2))).toEqual(['ended'])

    const quick = bench({ capabilities: { cps: 1 }, queue: true, instant: true })
    await quick.carrier.place(attemptAt(1))
    await quick.carrier.place(attemptAt(2))
    await turns()
    expect(quick.heardOf(attemptAt(2))).toEqual(['queued', 'ringing', 'answered', 'ended'])
  })

  property.prop([
    fc.double({ min: 0.1, max: 50, noNaN: true }),
    fc.integer({ min: 1, max: 20 }),
    fc.array(fc.nat(2_000)),
    fc.integer({ min: 1, max: 20_000 }),
  ])('in every window of T there are at most cps × T + burst starts', (cps, burst, pauses, window) => {
    const throttle = new Throttle(cps, burst)
    const starts: number[] = []
    let now = 0
    for (const pause of pauses) {
      now += pause
      const wait = throttle.wait(now)
      if (wait > 0) {
        // What it says is enough, and no more than needed.
        expect(throttle.wait(now + wait)).toBe(0)
        expect(throttle.wait(now + wait - 1)).toBeGreaterThan(0)
      } else {
        throttle.take(now)
        starts.push(now)
      }
    }
    for (const from of starts) {
      const within = starts.filter((at) => at >= from && at < from + window).length
      expect(within).toBeLessThanOrEqual((cps * window) / 1_000 + burst + 1e-6)
    }
  })
})
