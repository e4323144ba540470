import { describe, expect, test } from 'vitest'
import { attemptAt, bench, handleOf } from './support/calls.js'

const declared = { visibilityLag: 2_000, horizon: 3_600_000 }

describe('lookup', () => {
  test('tells where a call is in its life', async () => {
    const { carrier, clock, events } = bench({ capabilities: { lookup: { visibilityLag: 0, horizon: 3_600_000 } } })
    const handle = handleOf(attemptAt(1), clock.now())
    await carrier.place(attemptAt(1))
    const seen: unknown[] = []
    for (const ms of [0, 1_000, 2_000, 10_000]) {
      await clock.advance(ms)
      const found = await carrier.lookup?.(handle)
      seen.push(found?.status === 'found' ? found.event.type : found)
    }
    expect(seen).toEqual(['queued', 'ringing', 'answered', 'ended'])
    const { ref: _, heard: __, ...end } = events.at(-1) ?? { ref: '', heard: 0 }
    expect(await carrier.lookup?.(handle)).toEqual({ status: 'found', event: end })
  })

  test('finds nothing of a call that was never placed, as of now', async () => {
    const { carrier, clock } = bench()
    await clock.advance(5_000)
    expect(await carrier.lookup?.(handleOf(attemptAt(1), clock.now()))).toEqual({
      status: 'notFound',
      asOf: clock.now(),
    })
  })

  test('shows every call within the lag that it declares, and some not at once', async () => {
    const { carrier, clock } = bench({ capabilities: { lookup: declared } })
    const start = clock.now()
    const statuses = async () => {
      const all: (string | undefined)[] = []
      for (let i = 0; i < 200; i++) all.push((await carrier.lookup?.(handleOf(attemptAt(i), start)))?.status)
      return all.filter((status) => status === 'found').length
    }
    for (let i = 0; i < 200; i++) await carrier.place(attemptAt(i))
    await clock.advance(1_000)
    const half = await statuses()
    expect(half).toBeGreaterThan(60)
    expect(half).toBeLessThan(140)
    await clock.advance(1_000)
    expect(await statuses()).toBe(200)
  })

  test('lookupLag beyond the declared one makes the carrier lie', async () => {
    const { carrier, clock } = bench({ capabilities: { lookup: declared }, faults: { lookupLag: [9_000, 9_000] } })
    const handle = handleOf(attemptAt(1), clock.now())
    await carrier.place(attemptAt(1))
    await clock.advance(8_999)
    expect(await carrier.lookup?.(handle)).toMatchObject({ status: 'notFound' })
    await clock.advance(1)
    expect(await carrier.lookup?.(handle)).toMatchObject({ status: 'found' })
  })

  test('cannot tell about calls that are older than its horizon, and lets go of them', async () => {
    const { carrier, clock } = bench({ capabilities: { lookup: declared } })
    const [old, never] = [handleOf(attemptAt(1), clock.now()), handleOf(attemptAt(2), clock.now())]
    await carrier.place(attemptAt(1))
    await clock.advance(3_600_000)
    expect(await carrier.lookup?.(old)).toMatchObject({ status: 'found' })
    expect(await carrier.lookup?.(never)).toMatchObject({ status: 'cannotTell' })
    await clock.advance(3_600_000)
    // Memory is tidied by the next call.
    await carrier.place(attemptAt(3))
    expect(await carrier.lookup?.(old)).toMatchObject({ status: 'cannotTell' })
  })

  test('lookupFails and lookupThrows: nothing is learned', async () => {
    const { carrier, clock } = bench({ faults: { lookupFails: 1 } })
    const handle = handleOf(attemptAt(1), clock.now())
    await carrier.place(attemptAt(1))
    await clock.advance(5_000)
    expect(await carrier.lookup?.(handle)).toMatchObject({ status: 'cannotTell' })
    carrier.setFaults({ lookupThrows: (call) => call.ref === handle.ref })
    await expect(carrier.lookup?.(handle)).rejects.toThrow('lookup failed')
    carrier.setFaults({})
    expect(await carrier.lookup?.(handle)).toMatchObject({ status: 'found' })
    const asked = [...carrier.ledger].filter(({ kind }) => kind === 'lookup')
    expect(asked.map(({ detail }) => detail)).toEqual(['cannotTell', 'threw', 'found'])
  })

  test('a lookup that fails by chance may succeed at another time', async () => {
    const { carrier, clock } = bench({ faults: { lookupFails: 0.5 } })
    const seen = new Set<string | undefined>()
    for (let i = 0; i < 50; i++) {
      await clock.advance(1_000)
      seen.add((await carrier.lookup?.(handleOf(attemptAt(1), clock.now())))?.status)
    }
    expect(seen).toEqual(new Set(['cannotTell', 'notFound']))
  })
})

describe('idempotency', () => {
  test('none: the same ref again is a second call', async () => {
    const { carrier, clock } = bench()
    const first = await carrier.place(attemptAt(1))
    const second = await carrier.place(attemptAt(1))
    expect(second).toMatchObject({ status: 'accepted' })
    expect(second).not.toEqual(first)
    expect(carrier.live).toBe(2)
    await clock.runUntilIdle()
    expect(carrier.ledger.calledTwice({ by: 'ref' })).toMatchObject([{ key: attemptAt(1).ref }])
    expect(carrier.live).toBe(0)
  })

  test('none: the second call of a ref is remembered longer than the first', async () => {
    const { carrier, clock } = bench({ capabilities: { lookup: { visibilityLag: 0, horizon: 60_000 } } })
    await carrier.place(attemptAt(1))
    await clock.advance(50_000)
    const second = await carrier.place(attemptAt(1))
    await clock.advance(30_000)
    await carrier.place(attemptAt(2))
    expect(await carrier.lookup?.(handleOf(attemptAt(1), clock.now()))).toMatchObject({
      status: 'found',
      event: { callId: second.status === 'accepted' && second.callId },
    })
  })

  test('durable: the same ref is the first call, also long after its end', async () => {
    const { carrier, clock } = bench({ capabilities: { idempotency: 'durable' } })
    const first = await carrier.place(attemptAt(1))
    expect(await carrier.place(attemptAt(1))).toEqual(first)
    await clock.advance(30 * 86_400_000)
    expect(await carrier.place(attemptAt(1))).toEqual(first)
    expect(carrier.ledger.calledTwice()).toEqual([])
    expect([...carrier.ledger].filter(({ kind }) => kind === 'replayed')).toHaveLength(2)
  })

  test('a window: the first call for so long, then a second', async () => {
    const { carrier, clock } = bench({ capabilities: { idempotency: { window: 60_000 }, lookup: false } })
    const first = await carrier.place(attemptAt(1))
    await clock.advance(59_999)
    expect(await carrier.place(attemptAt(1))).toEqual(first)
    await clock.advance(1)
    expect(await carrier.place(attemptAt(1))).not.toEqual(first)
    expect(carrier.ledger.calledTwice()).toHaveLength(1)
  })
})
