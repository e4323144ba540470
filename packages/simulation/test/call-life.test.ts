import { describe, expect, test } from 'vitest'
import { simulatedCarrier, virtualClock } from '../src/index.js'
import { attemptAt, type Bench, bench, handleOf, listener } from './support/calls.js'

describe('a call', () => {
  test('rings, is answered and ends, each at its time and with what it cost', async () => {
    const { carrier, clock, events } = bench({ talk: [61_000, 61_000], costPerMinute: 3 })
    const start = clock.now()
    const { ref } = attemptAt(1)
    const placed = await carrier.place(attemptAt(1))
    expect(placed).toEqual({ status: 'accepted', callId: expect.stringMatching(/^sim_[0-9a-z]+$/) })
    expect(carrier.live).toBe(1)
    await clock.runUntilIdle()
    const callId = placed.status === 'accepted' ? placed.callId : ''
    const raw = { sip: 200, q850: 16, answeredBy: 'human' }
    expect(events.map(({ heard: _, ...event }) => event)).toEqual([
      { ref, callId, type: 'ringing', at: start + 1_000 },
      { ref, callId, type: 'answered', at: start + 3_000 },
      { ref, callId, type: 'ended', at: start + 64_000, outcome: 'answered', duration: 61_000, cost: 6, raw },
    ])
    expect(carrier.live).toBe(0)
  })

  test('ends as no_answer when nobody reacts within ringTimeout', async () => {
    const { carrier, clock, events } = bench({ ring: [25_000, 25_000] })
    const start = clock.now()
    await carrier.place(attemptAt(1, { ringTimeout: 20_000 }))
    await carrier.place(attemptAt(2, { ringTimeout: 25_001 }))
    await clock.runUntilIdle()
    const ends = events.filter(({ type }) => type === 'ended')
    expect(ends.map(({ at, outcome, cost }) => [(at ?? 0) - start, outcome, cost])).toEqual([
      [21_000, 'no_answer', 0],
      [36_000, 'answered', 2],
    ])
  })

  test('is cut off at the longest call, the attempt’s or the carrier’s', async () => {
    const { carrier, clock, events } = bench({ talk: [100_000, 100_000], capabilities: { maxDuration: 60_000 } })
    await carrier.place(attemptAt(1, { maxDuration: 30_000 }))
    await carrier.place(attemptAt(2, { maxDuration: 90_000 }))
    await clock.runUntilIdle()
    expect(events.flatMap(({ duration }) => duration ?? [])).toEqual([30_000, 60_000])
  })

  test('is not written when it may no longer be started, asked after all waiting', async () => {
    const { carrier, clock } = bench({ sendDelay: [3_000, 3_000], replyDelay: [500, 500] })
    const startBy = clock.monotonic() + 2_000
    const late = carrier.place(attemptAt(1, { startable: () => clock.monotonic() <= startBy }))
    const fine = carrier.place(attemptAt(2))
    await clock.advance(3_000)
    expect(await late).toMatchObject({ status: 'notSent' })
    expect([...carrier.ledger].map(({ kind, ref }) => [kind, ref])).toEqual([
      ['notSent', attemptAt(1).ref],
      ['placed', attemptAt(2).ref],
    ])
    let answered = false
    void fine.then(() => {
      answered = true
    })
    await clock.advance(499)
    expect(answered).toBe(false)
    await clock.advance(1)
    expect(await fine).toMatchObject({ status: 'accepted' })
  })

  test('placed before any engine has connected is refused with a reason', async () => {
    await expect(simulatedCarrier().place(attemptAt(1))).rejects.toMatchObject({
      code: 'invalid_options',
      details: { field: 'clock' },
    })
    const clock = virtualClock()
    expect(await simulatedCarrier({ clock }).place(attemptAt(1))).toMatchObject({ status: 'accepted' })
  })
})

describe('hangup', () => {
  test('cancels a call that rings, ends one that talks, and finds others gone', async () => {
    const { carrier, clock, events, heardOf } = bench({ outcomes: { voicemail: 1 } })
    const [ringing, talking] = [attemptAt(1), attemptAt(2)]
    await carrier.place(talking)
    await clock.advance(2_000)
    await carrier.place(ringing)
    await clock.advance(2_500)
    expect(await carrier.hangup?.(handleOf(ringing, 0))).toBe('done')
    expect(await carrier.hangup?.(handleOf(talking, 0))).toBe('done')
    expect(await carrier.hangup?.(handleOf(talking, 0))).toBe('gone')
    expect(await carrier.hangup?.(handleOf(attemptAt(3), 0))).toBe('gone')
    expect(carrier.live).toBe(0)
    expect(clock.pending).toBe(0)
    expect(heardOf(ringing)).toEqual(['ringing', 'ended'])
    expect(events.slice(-2)).toMatchObject([
      { outcome: 'canceled', duration: 0, cost: 0, raw: { sip: 487 } },
      { outcome: 'voicemail', duration: 1_500, cost: 2 },
    ])
  })

  test.each([true, false])('from within an event ends the call there and then (instant: %s)', async (instant) => {
    const clock = virtualClock()
    const carrier = simulatedCarrier({ instant, outcomes: { answered: 1 } })
    const heard: string[] = []
    carrier.connect({
      clock,
      emit: ({ type }) => {
        heard.push(type)
        if (type === 'answered') void carrier.hangup?.(handleOf(attemptAt(1), 0))
      },
    })
    await carrier.place(attemptAt(1))
    await clock.runUntilIdle()
    expect(heard).toEqual(['ringing', 'answered', 'ended'])
    expect(carrier.live).toBe(0)
  })

  test('is absent from carriers that cannot', () => {
    const { carrier } = bench({ capabilities: { hangup: false, lookup: false } })
    expect([carrier.hangup, carrier.lookup]).toEqual([undefined, undefined])
  })
})

describe('instant calls', () => {
  test('take no time and no timers, and their events come after the answer', async () => {
    const { carrier, clock, events } = bench({ instant: true, talk: [61_000, 61_000] })
    const placed = Array.from({ length: 3 }, (_, index) => carrier.place(attemptAt(index)))
    for (const answer of placed) expect(await answer).toMatchObject({ status: 'accepted' })
    expect(events).toEqual([])
    await new Promise((resolve) => setImmediate(resolve))
    expect(events.map(({ ref, type }) => `${ref} ${type}`)).toEqual(
      [0, 1, 2].flatMap((index) => ['ringing', 'answered', 'ended'].map((type) => `${attemptAt(index).ref} ${type}`)),
    )
    expect(events.at(-1)).toMatchObject({ at: clock.now(), duration: 61_000, cost: 4 })
    expect([clock.pending, carrier.live]).toEqual([0, 0])
  })
})

describe('connect', () => {
  test('with several engines each call speaks to one of them, and all are used', async () => {
    const { carrier, clock, events } = bench()
    const others: Bench['events'] = []
    carrier.connect(listener(clock, others))
    for (let i = 0; i < 100; i++) await carrier.place(attemptAt(i))
    await clock.runUntilIdle()
    expect(events.length + others.length).toBe(300)
    const mine = new Set(events.map(({ ref }) => ref))
    expect(mine.size).toBeGreaterThan(20)
    expect(mine.size).toBeLessThan(80)
    expect(others.every(({ ref }) => !mine.has(ref))).toBe(true)
  })

  test('disconnecting twice disconnects nobody else', async () => {
    const { carrier, clock, events } = bench()
    const disconnect = carrier.connect(listener(clock, []))
    const others: Bench['events'] = []
    carrier.connect(listener(clock, others))
    disconnect()
    disconnect()
    for (let i = 0; i < 100; i++) await carrier.place(attemptAt(i))
    await clock.runUntilIdle()
    expect(events.length).toBeGreaterThan(0)
    expect(others.length).toBeGreaterThan(0)
    expect(events.length + others.length).toBe(300)
  })

  test.each([
    { redeliver: true, heard: ['answered', 'ended'] },
    { redeliver: false, heard: [] },
  ])('what happens while nobody is connected is kept or lost ($redeliver)', async ({ redeliver, heard }) => {
    const clock = virtualClock()
    const carrier = simulatedCarrier({ redeliver, outcomes: { answered: 1 }, setup: [0, 0], ring: [1_000, 1_000] })
    const first: Bench['events'] = []
    const second: Bench['events'] = []
    const disconnect = carrier.connect(listener(clock, first))
    await carrier.place(attemptAt(1))
    await clock.advance(500)
    disconnect()
    disconnect()
    await clock.advance(1_000_000)
    const at = clock.now()
    carrier.connect(listener(clock, second))
    expect(second).toEqual([])
    await clock.advance(1)
    expect(first.map(({ type }) => type)).toEqual(['ringing'])
    expect(second.map(({ type }) => type)).toEqual(heard)
    expect(second.every((event) => event.heard === at && (event.at ?? 0) < at)).toBe(true)
  })
})
