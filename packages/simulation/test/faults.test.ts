import { describe, expect, test } from 'vitest'
import { attemptAt, bench, handleOf } from './support/calls.js'

const kinds = (entries: Iterable<{ kind: string }>) => [...entries].map(({ kind }) => kind)

describe('faults of place', () => {
  test('timeoutPlaced: the answer is unknown and the call takes its course', async () => {
    const { carrier, clock, heardOf } = bench({ faults: { timeoutPlaced: 1 } })
    expect(await carrier.place(attemptAt(1))).toMatchObject({ status: 'unknown' })
    await clock.runUntilIdle()
    expect(heardOf(attemptAt(1))).toEqual(['ringing', 'answered', 'ended'])
  })

  test('transit: the request arrives long after the answer was given up', async () => {
    const { carrier, clock } = bench({ faults: { timeoutPlaced: 1, transit: [7_000, 7_000] } })
    const start = clock.now()
    expect(await carrier.place(attemptAt(1))).toMatchObject({ status: 'unknown' })
    expect([clock.now(), carrier.ledger.size]).toEqual([start, 0])
    await clock.runUntilIdle()
    expect([...carrier.ledger][0]).toMatchObject({ kind: 'placed', at: start + 7_000 })
  })

  test('timeoutNotPlaced: the answer is unknown and nobody is called', async () => {
    const { carrier, clock, events } = bench({ faults: { timeoutNotPlaced: 1 } })
    expect(await carrier.place(attemptAt(1))).toMatchObject({ status: 'unknown' })
    await clock.runUntilIdle()
    expect([kinds(carrier.ledger), events]).toEqual([['lost'], []])
  })

  test('throwOnPlace: throws, with the call placed or, beside timeoutNotPlaced, not', async () => {
    const placed = bench({ faults: { throwOnPlace: 1 } })
    await expect(placed.carrier.place(attemptAt(1))).rejects.toThrow('reset')
    expect(placed.carrier.live).toBe(1)
    const lost = bench({ faults: { throwOnPlace: 1, timeoutNotPlaced: 1 } })
    await expect(lost.carrier.place(attemptAt(1))).rejects.toThrow('reset')
    expect(lost.carrier.live).toBe(0)
  })

  test.each(['contact', 'throttled', 'unavailable', 'configuration', 'account'] as const)(
    'refuse: %s',
    async (reason) => {
      const { carrier, clock, events } = bench({ faults: { refuse: { [reason]: 1 } } })
      expect(await carrier.place(attemptAt(1))).toEqual({ status: 'rejected', reason })
      await clock.runUntilIdle()
      expect([...carrier.ledger]).toMatchObject([{ kind: 'refused', detail: reason }])
      expect(events).toEqual([])
    },
  )
})

describe('faults of events', () => {
  test('eventsEarly: the first comes before the answer to place', async () => {
    const { carrier, clock, events, heardOf } = bench({ faults: { eventsEarly: 1 }, replyDelay: [100, 100] })
    const placing = carrier.place(attemptAt(1))
    expect(events).toMatchObject([{ type: 'ringing' }])
    await clock.advance(100)
    expect(await placing).toMatchObject({ status: 'accepted', state: 'ringing' })
    await clock.runUntilIdle()
    expect(heardOf(attemptAt(1))).toEqual(['ringing', 'answered', 'ended'])
  })

  test('eventsEarly: an instant call is over before place has answered', async () => {
    const { carrier, heardOf } = bench({ faults: { eventsEarly: 1 }, instant: true })
    const placing = carrier.place(attemptAt(1))
    expect(heardOf(attemptAt(1))).toEqual(['ringing', 'answered', 'ended'])
    expect(await placing).toMatchObject({ status: 'accepted' })
  })

  test('eventsLate: events keep the time at which they happened', async () => {
    const { carrier, clock, events } = bench({
      faults: { eventsLate: { by: [60_000, 90_000], only: { answered: 1 } } },
    })
    await carrier.place(attemptAt(1))
    await clock.runUntilIdle()
    expect(events.map(({ type }) => type)).toEqual(['ringing', 'ended', 'answered'])
    for (const { type, at = 0, heard } of events) {
      if (type === 'answered') {
        expect(heard - at).toBeGreaterThanOrEqual(60_000)
        expect(heard - at).toBeLessThanOrEqual(90_000)
      } else expect(heard).toBe(at)
    }
  })

  test('eventsLate: by default all, each by a time of its own', async () => {
    const { carrier, clock, events } = bench({ faults: { eventsLate: { by: [1_000, 100_000] }, eventsDoubled: 1 } })
    await carrier.place(attemptAt(1))
    await clock.runUntilIdle()
    const lateness = events.map(({ at = 0, heard }) => heard - at)
    expect(lateness).toHaveLength(6)
    expect(new Set(lateness).size).toBe(6)
    expect(Math.min(...lateness)).toBeGreaterThanOrEqual(1_000)
  })

  test('eventsDoubled: the same event twice', async () => {
    const { carrier, clock, events, heardOf } = bench({ faults: { eventsDoubled: { ended: 1 } } })
    await carrier.place(attemptAt(1))
    await clock.runUntilIdle()
    expect(heardOf(attemptAt(1))).toEqual(['ringing', 'answered', 'ended', 'ended'])
    expect(events[2]).toEqual(events[3])
  })

  test.each([
    [{ answered: 1 }, ['ringing', 'ended', 'answered']],
    [{ ringing: 1 }, ['answered', 'ringing', 'ended']],
    // Ringing waits for answered, which waits for the end.
    [1, ['ringing', 'ended', 'answered']],
    [{ ended: 1 }, ['ringing', 'answered', 'ended']],
  ] as const)('eventsReordered %j: an event comes after its next', async (eventsReordered, heard) => {
    const { carrier, clock, heardOf } = bench({ faults: { eventsReordered } })
    await carrier.place(attemptAt(1))
    await clock.runUntilIdle()
    expect(heardOf(attemptAt(1))).toEqual(heard)
  })

  test.each([
    [{ ended: 1 }, ['ringing', 'answered']],
    [{ ringing: 1, answered: 1 }, ['ended']],
    [1, []],
  ] as const)('eventsLost %j: never arrive, while the call takes its course', async (eventsLost, heard) => {
    const { carrier, clock, heardOf } = bench({ faults: { eventsLost } })
    await carrier.place(attemptAt(1))
    await clock.runUntilIdle()
    expect(heardOf(attemptAt(1))).toEqual(heard)
    expect(kinds(carrier.ledger)).toEqual(['placed', 'answered', 'ended'])
  })

  test('forged: the end of a call that there is not, by its nonce or altogether', async () => {
    const { carrier, clock, events } = bench({ faults: { forged: 1 } })
    const refs = new Set<string>()
    for (let i = 0; i < 20; i++) {
      refs.add(attemptAt(i).ref)
      await carrier.place(attemptAt(i))
    }
    await clock.runUntilIdle()
    const forged = events.filter(({ ref }) => !refs.has(ref))
    expect(forged).toHaveLength(20)
    expect(forged.every(({ type, outcome }) => type === 'ended' && outcome === 'answered')).toBe(true)
    const ofOurJob = forged.filter(({ ref }) => ref.startsWith('job_test:'))
    expect(ofOurJob.length).toBeGreaterThan(0)
    expect(ofOurJob.length).toBeLessThan(20)
  })
})

describe('faults of hangup', () => {
  test('hangupRefused: the call goes on', async () => {
    const { carrier, clock, heardOf } = bench({ faults: { hangupRefused: 1 } })
    await carrier.place(attemptAt(1))
    await clock.advance(4_000)
    expect(await carrier.hangup?.(handleOf(attemptAt(1), 0))).toBe('refused')
    expect(carrier.live).toBe(1)
    await clock.runUntilIdle()
    expect(heardOf(attemptAt(1))).toEqual(['ringing', 'answered', 'ended'])
    expect(kinds(carrier.ledger)).toEqual(['placed', 'answered', 'hangup', 'ended'])
  })
})

describe('any fault', () => {
  test('can be decided by the call and the carrier’s time', async () => {
    const { carrier, clock } = bench({
      faults: { refuse: { unavailable: ({ to }, at) => to === attemptAt(1).to && at < clock0 + 60_000 } },
    })
    const clock0 = clock.now()
    expect(await carrier.place(attemptAt(1))).toMatchObject({ status: 'rejected', reason: 'unavailable' })
    expect(await carrier.place(attemptAt(2))).toMatchObject({ status: 'accepted' })
    await clock.advance(60_000)
    expect(await carrier.place(attemptAt(1))).toMatchObject({ status: 'accepted' })
  })

  test('as a probability hits that share of calls, and is independent of every other', async () => {
    const { carrier, events } = bench({ faults: { timeoutPlaced: 0.3, eventsEarly: 0.3 } })
    const count = 5_000
    const seen = { unknown: 0, early: 0, both: 0 }
    for (let i = 0; i < count; i++) {
      const before = events.length
      const { status } = await carrier.place(attemptAt(i))
      const early = events.length > before
      if (early) seen.early++
      if (status === 'unknown') seen.unknown++
      if (early && status === 'unknown') seen.both++
    }
    const about = (times: number, share: number) =>
      expect(Math.abs(times - count * share)).toBeLessThan(5 * Math.sqrt(count * share * (1 - share)))
    about(seen.unknown, 0.3)
    about(seen.early, 0.3)
    about(seen.both, 0.09)
  })

  test('can be ended, or begun, while calls are live', async () => {
    const { carrier, clock, heardOf } = bench({ faults: { eventsLost: 1 } })
    await carrier.place(attemptAt(1))
    await clock.advance(1_500)
    carrier.setFaults({ timeoutNotPlaced: 1 })
    expect(await carrier.place(attemptAt(2))).toMatchObject({ status: 'unknown' })
    await clock.runUntilIdle()
    expect(heardOf(attemptAt(1))).toEqual(['answered', 'ended'])
    expect(() => carrier.setFaults({ forged: 7 })).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  })
})
