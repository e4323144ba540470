import type { ExchangeReply, SuppressionScope } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, DAY, HOUR, MINUTE, people, phone, SECOND, withMethod } from '../support/bench.js'

/** Holds the reply that brings the first claims until something has been done. */
function betweenClaimAndDial(bench: Bench) {
  let act: (() => Promise<unknown>) | undefined
  const storage = withMethod(bench.storage, 'exchange', (exchange) => async (request) => {
    const reply: ExchangeReply = await exchange(request)
    if (reply.claims.length > 0 && act) {
      const run = act
      act = undefined
      await run()
    }
    return reply
  })
  const meanwhile = (run: () => Promise<unknown>): void => {
    act = run
  }
  return { storage, meanwhile }
}

describe('race 7: a stop between claim and dial', () => {
  it.each(['pause', 'cancel'] as const)('%s prevents the call', async (stop) => {
    const bench = new Bench()
    const { storage, meanwhile } = betweenClaimAndDial(bench)
    const engine = await bench.started(storage)
    const draft = await engine.calls.create(bench.campaign({ start: 'draft', contacts: people(5) }))
    meanwhile(() => draft[stop]())
    await draft.start()
    await bench.clock.advance(5 * MINUTE)
    expect(bench.entries('placed')).toEqual([])
    const { state, tasks } = await draft.snapshot()
    if (stop === 'cancel') expect({ state, canceled: tasks.canceled }).toEqual({ state: 'canceled', canceled: 5 })
    else expect({ state, waiting: tasks.waiting }).toEqual({ state: 'paused', waiting: 5 })
    if (stop === 'pause') {
      await draft.resume()
      await bench.clock.advance(5 * MINUTE)
      expect((await draft.snapshot()).tasks.succeeded).toBe(5)
    }
    await bench.end(engine)
  })
})

describe('race 8: a number is suppressed between claim and dial', () => {
  it.each(['everything', 'organization', 'job'] as const)('prevents the call, listed for its %s', async (which) => {
    const bench = new Bench()
    const { storage, meanwhile } = betweenClaimAndDial(bench)
    const engine = await bench.started(storage)
    const job = await engine.calls.create(bench.campaign({ start: 'draft', contacts: people(3), organization: 'acme' }))
    const scope = { everything: { everything: true }, organization: { organization: 'acme' }, job: { job: job.id } }
    meanwhile(() => engine.suppression.add([phone(1)], scope[which] as SuppressionScope))
    await job.start()
    await bench.clock.advance(5 * MINUTE)
    expect(bench.entries('placed').map(({ to }) => to)).toEqual([phone(0), phone(2)])
    expect((await job.snapshot()).reasons).toEqual({ 'succeeded/answered': 2, 'skipped/suppressed': 1 })
    await bench.end(engine)
  })

  it('is asked again before a retry', async () => {
    const bench = new Bench({ carrier: { outcomes: { no_answer: 1 } } })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ retry: { no_answer: ['10m'] }, attempts: 2 }))
    await bench.clock.advance(5 * MINUTE)
    expect(await engine.suppression.add([phone(0)])).toEqual({ size: 1 })
    await bench.clock.advance(HOUR)
    expect(bench.entries('placed')).toHaveLength(1)
    expect((await job.snapshot()).reasons).toEqual({ 'skipped/suppressed': 1 })
    await bench.end(engine)
  })

  it('lets those be called that others have listed, or that were taken off in time', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ start: 'draft', contacts: people(3), organization: 'acme' }))
    await engine.suppression.add([phone(0)], { organization: 'other' })
    await engine.suppression.add([phone(1), phone(2)])
    expect(await engine.suppression.remove([phone(1), phone(7)])).toEqual({ size: 1 })
    await job.start()
    await bench.clock.advance(5 * MINUTE)
    expect(bench.entries('placed').map(({ to }) => to)).toEqual([phone(0), phone(1)])
    await bench.end(engine)
  })

  it('names the number that is none, and lists nothing', async () => {
    const engine = new Bench().engine()
    const adding = engine.suppression.add([phone(0), '12'])
    await expect(adding).rejects.toMatchObject({ code: 'invalid_options', details: { field: 'numbers[1]' } })
    expect(await engine.suppression.add([])).toEqual({ size: 0 })
  })
})

describe('race 8: a cap is set between claim and dial', () => {
  it.each([
    { was: 'none', caps: [] },
    { was: 'wider', caps: [{ per: 'phone', max: 2, within: '1h' }] as const },
  ])('counts for that dial already when there was $was', async ({ caps }) => {
    const bench = new Bench()
    const { storage, meanwhile } = betweenClaimAndDial(bench)
    const engine = await bench.started(storage)
    const once = [{ per: 'phone', max: 1, within: '1h' }] as const
    const first = await engine.calls.create(bench.campaign({ contacts: people(3), caps: once }))
    await bench.clock.advance(5 * MINUTE)
    expect((await first.snapshot()).tasks.succeeded).toBe(3)
    const second = await engine.calls.create(bench.campaign({ start: 'draft', contacts: people(3), caps }))
    meanwhile(() => second.update({ caps: once }))
    await second.start()
    await bench.clock.advance(50 * MINUTE)
    expect(bench.entries('placed')).toHaveLength(3)
    await bench.clock.advance(10 * MINUTE)
    expect((await second.snapshot()).tasks.succeeded).toBe(3)
    expect(bench.placedAt.slice(3).every((at) => at >= HOUR)).toBe(true)
    await bench.end(engine)
  })
})

describe('race 9: the window closes before the dial', () => {
  it('dials nobody after it, though the claim was made in time', async () => {
    const bench = new Bench({ start: '2027-01-04T19:59:50Z' })
    const { storage, meanwhile } = betweenClaimAndDial(bench)
    const engine = await bench.started(storage)
    meanwhile(() => new Promise<void>((resolve) => void bench.clock.setTimeout(resolve, 15 * SECOND)))
    const job = await engine.calls.create(bench.campaign({ contacts: people(3), window: '09:00-20:00' }))
    await bench.clock.advance(HOUR)
    expect(bench.entries('placed')).toEqual([])
    expect((await job.snapshot()).waitingFor).toEqual({ reason: 'window', until: Date.parse('2027-01-05T09:00:00Z') })
    await bench.clock.advance(13 * HOUR)
    expect((await job.snapshot()).tasks.succeeded).toBe(3)
    await bench.end(engine)
  })

  it.each([
    { change: 'closes', window: '13:00-20:00', at: '2027-01-04T13:00' },
    { change: 'ends sooner', window: '09:00-11:00', at: '2027-01-05T09:00' },
  ])('dials nobody by a window that $change between claim and dial', async ({ window, at }) => {
    const bench = new Bench({ start: '2027-01-04T12:00:00Z' })
    const { storage, meanwhile } = betweenClaimAndDial(bench)
    const engine = await bench.started(storage)
    const job = await engine.calls.create(
      bench.campaign({ start: 'draft', contacts: people(3), window: '09:00-20:00' }),
    )
    meanwhile(() => job.update({ window }))
    await job.start()
    await bench.clock.advance(24 * HOUR)
    expect(bench.entries('placed').map((entry) => new Date(entry.at).toISOString().slice(0, 16))).toEqual([at, at, at])
    await bench.end(engine)
  })

  it('dials nobody whose slot came free too late', async () => {
    const bench = new Bench({ start: '2027-01-04T19:59:30Z' })
    const engine = await bench.started()
    await engine.calls.create(bench.campaign({ contacts: people(5), concurrency: 1, window: '09:00-20:00' }))
    await bench.clock.advance(HOUR)
    expect(bench.placedAt).toEqual([0])
    await bench.end(engine)
  })

  it('dials nobody whose connection came free too late', async () => {
    const bench = new Bench({ start: '2027-01-04T19:59:59Z', carrier: { sendDelay: [1500, 1500] } })
    const engine = await bench.started()
    await engine.calls.create(bench.campaign({ window: '09:00-20:00' }))
    await bench.clock.advance(HOUR)
    expect(bench.entries().map(({ kind }) => kind)).toEqual(['notSent'])
    await bench.end(engine)
  })
})

describe('race 9: a rule set begins between decision and dial', () => {
  it('counts for that dial already', async () => {
    const bench = new Bench({ start: '2027-01-04T23:00:00Z' })
    const once = [{ per: 'phone', max: 1, within: '1d' }] as const
    let slow = false
    const storage = withMethod(bench.storage, 'exchange', (exchange) => async (request) => {
      if (slow && request.fences.length > 0) {
        slow = false
        await new Promise<void>((resolve) => void bench.clock.setTimeout(resolve, SECOND))
      }
      return exchange(request)
    })
    const engine = await bench.started(storage)
    await engine.calls.create(bench.campaign({ caps: once }))
    await bench.clock.advance(HOUR - 500)
    // Decided half a second before midnight, when the person may be called once more; told the store half a second after it.
    slow = true
    const rules = [{ id: 'r', version: '1', source: 'a test', effectiveFrom: '2027-01-05', caps: once }]
    const job = await engine.calls.create(bench.campaign({ rules }))
    await bench.clock.advance(HOUR)
    expect(slow).toBe(false)
    expect(bench.placedAt).toEqual([0])
    await bench.clock.advance(DAY)
    expect(bench.placedAt).toHaveLength(2)
    expect(bench.placedAt[1]).toBeGreaterThanOrEqual(DAY)
    expect((await job.snapshot()).tasks.succeeded).toBe(1)
    await bench.end(engine)
  })
})

describe('race 10: clocks that jump', () => {
  it('reads the window by the called person’s clock on the day it goes forward', async () => {
    // 2027-03-14, New York: 01:59:59 is followed by 03:00:00, and 9 o'clock is 13:00 UTC instead of 14:00.
    const bench = new Bench({ start: '2027-03-14T06:00:00Z' })
    const engine = await bench.started()
    const contacts = [
      { phone: '+12125550101', timezone: 'America/New_York' },
      { phone: '+12125550102', timezone: 'Asia/Kolkata' },
    ]
    await engine.calls.create(bench.campaign({ contacts, window: '09:00-20:00' }))
    await bench.clock.advance(12 * HOUR)
    const at = Object.fromEntries(bench.entries('placed').map((entry) => [entry.to, new Date(entry.at).toISOString()]))
    expect(at).toEqual({ '+12125550102': '2027-03-14T06:00:00.000Z', '+12125550101': '2027-03-14T13:00:00.000Z' })
    await bench.end(engine)
  })

  it('starts nothing late by a machine that slept, and nothing early by a clock that was set', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(20), cps: 1 }))
    await bench.clock.advance(5 * SECOND)
    bench.clock.setWallClock(bench.clock.now() - 10 * MINUTE)
    await bench.clock.advance(20 * MINUTE)
    expect((await job.snapshot()).tasks.succeeded).toBe(20)
    expect(bench.carrier.ledger.calledTwice()).toEqual([])
    await bench.end(engine)
  })
})
