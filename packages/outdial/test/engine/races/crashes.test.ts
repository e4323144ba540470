import { type CallHandle, type Clock, createEngine, type ExchangeReply, type Lookup, type Storage } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, SECOND, withMethod } from '../support/bench.js'

/** A store whose replies that carry a fence never arrive: the process has died between the two. */
function diesAfterFence(storage: Storage): Storage {
  return withMethod(storage, 'exchange', (exchange) => async (request) => {
    const reply: ExchangeReply = await exchange(request)
    return reply.fences.some(({ status }) => status === 'fenced') ? new Promise<never>(() => {}) : reply
  })
}

/** A clock that shows another time of day, and measures as well as any. */
function aheadBy(clock: Clock, ms: () => number): Clock {
  return {
    now: () => clock.now() + ms(),
    monotonic: () => clock.monotonic(),
    setTimeout: (run, after) => clock.setTimeout(run, after),
    clearTimeout: (timer) => clock.clearTimeout(timer),
  }
}

describe('race 1: a crash between the fence and the call', () => {
  it('dials again only when the carrier has proven that nothing was placed', async () => {
    const bench = new Bench()
    const dying = await bench.started(diesAfterFence(bench.storage))
    const job = await dying.calls.create(bench.campaign())
    await bench.clock.advance(SECOND)
    void dying.abandon()
    expect((await job.snapshot()).calls).toMatchObject({ begun: 1, live: 1 })

    const engine = await bench.started()
    await bench.clock.advance(20 * SECOND)
    expect(bench.entries('placed')).toEqual([])
    expect((await job.snapshot()).calls.live).toBe(1)
    await bench.clock.advance(3 * MINUTE)
    expect((await job.snapshot()).state).toBe('completed')
    expect(bench.entries('placed')).toHaveLength(1)
    expect((await job.task(0)).calls.map(({ placed }) => placed)).toEqual([false, true])
    await bench.end(engine)
  })

  it('never dials again when the carrier cannot tell', async () => {
    const bench = new Bench({ capabilities: { lookup: false } })
    const dying = await bench.started(diesAfterFence(bench.storage))
    const job = await dying.calls.create(bench.campaign({ attempts: 3, maxDuration: '1m' }))
    await bench.clock.advance(SECOND)
    void dying.abandon()

    const engine = await bench.started()
    await bench.clock.advance(HOUR)
    expect(bench.entries('placed')).toEqual([])
    expect(await job.task(0)).toMatchObject({ state: 'failed', reason: 'outcome_unknown', outcome: 'outcome_unknown' })
    await bench.end(engine)
  })
})

describe('race 1: a request that is still on its way', () => {
  it('is not taken for lost because the carrier does not know of it yet', async () => {
    const bench = new Bench({ carrier: { faults: { timeoutPlaced: 1, transit: [25 * SECOND, 25 * SECOND] } } })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(20 * SECOND)
    expect(bench.entries('lookup').map(({ detail }) => detail)).toContain('notFound')
    expect((await job.task(0)).state).toBe('unknown')
    await bench.clock.advance(5 * MINUTE)
    expect((await job.task(0)).calls).toMatchObject([{ outcome: 'answered' }])
    expect(bench.entries('placed')).toHaveLength(1)
    await bench.end(engine)
  })

  it('is not taken for lost because the carrier’s clock is ahead of the store’s', async () => {
    const bench = new Bench({ carrier: { faults: { timeoutPlaced: 1, transit: [25 * SECOND, 25 * SECOND] } } })
    const lookup = bench.carrier.lookup?.bind(bench.carrier)
    Object.assign(bench.carrier, {
      lookup: async (call: CallHandle): Promise<Lookup | undefined> => {
        const found = await lookup?.(call)
        return found?.status === 'notFound' ? { ...found, asOf: found.asOf + 4 * MINUTE } : found
      },
    })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ attempts: 3 }))
    await bench.clock.advance(20 * SECOND)
    expect(bench.entries('lookup').map(({ detail }) => detail)).toContain('notFound')
    expect((await job.task(0)).state).toBe('unknown')
    await bench.clock.advance(5 * MINUTE)
    expect((await job.task(0)).calls).toMatchObject([{ outcome: 'answered' }])
    expect(bench.entries('placed')).toHaveLength(1)
    await bench.end(engine)
  })

  it('is not taken for lost because the store’s clock has leapt', async () => {
    const bench = new Bench({ carrier: { faults: { timeoutPlaced: 1, transit: [25 * SECOND, 25 * SECOND] } } })
    let ahead = 0
    const clock = aheadBy(bench.clock, () => ahead)
    const storage = withMethod(bench.storage, 'open', (open) => (host) => open({ ...host, clock }))
    const lookup = bench.carrier.lookup?.bind(bench.carrier)
    Object.assign(bench.carrier, {
      lookup: async (call: CallHandle): Promise<Lookup | undefined> => {
        const found = await lookup?.(call)
        return found?.status === 'notFound' ? { ...found, asOf: found.asOf + 4 * MINUTE } : found
      },
    })
    const engine = await bench.started(storage)
    const job = await engine.calls.create(bench.campaign({ attempts: 3 }))
    await bench.clock.advance(500)
    ahead = 4 * MINUTE
    await bench.clock.advance(20 * SECOND)
    expect(bench.entries('lookup').map(({ detail }) => detail)).toContain('notFound')
    expect((await job.task(0)).state).toBe('unknown')
    await bench.clock.advance(5 * MINUTE)
    expect((await job.task(0)).calls).toMatchObject([{ outcome: 'answered' }])
    expect(bench.entries('placed')).toHaveLength(1)
    await bench.end(engine)
  })
})

describe('race 2: a crash between the call and its being recorded', () => {
  it('finds the call at the carrier, and calls nobody twice', async () => {
    const bench = new Bench({ carrier: { replyDelay: [10 * SECOND, 10 * SECOND], redeliver: false } })
    const dying = await bench.started()
    const job = await dying.calls.create(bench.campaign({ contacts: people(5), attempts: 3 }))
    await bench.clock.advance(500)
    expect(bench.entries('placed')).toHaveLength(5)
    void dying.abandon()
    await bench.clock.advance(5 * MINUTE)

    const engine = await bench.started()
    await bench.clock.advance(MINUTE)
    expect((await job.snapshot()).tasks.succeeded).toBe(5)
    expect(bench.carrier.ledger.calledTwice()).toEqual([])
    await bench.end(engine)
  })
})

describe('race 5: two workers at once', () => {
  it('share limits and tasks: nobody is called twice, and no more than allowed at a time', async () => {
    const bench = new Bench()
    const engines = [await bench.started(), await bench.started()]
    const job = await (engines[0] as (typeof engines)[0]).calls.create(
      bench.campaign({ contacts: people(40), concurrency: 4, cps: 2 }),
    )
    await bench.clock.advance(20 * MINUTE)
    expect((await job.snapshot()).tasks.succeeded).toBe(40)
    expect(bench.carrier.ledger.calledTwice()).toEqual([])
    expect(bench.carrier.ledger.maxLive().get('all')).toBe(4)
    expect(bench.carrier.ledger.maxStarts({ windowMs: 1000 }).get('all')).toBeLessThanOrEqual(3)
    const stopped = Promise.all(engines.map((engine) => engine.stop()))
    await bench.clock.advance(SECOND)
    expect(await stopped).toEqual([{ live: 0 }, { live: 0 }])
  })

  it('forget calls whose end another one has heard of, so that stopping does not wait for them', async () => {
    const bench = new Bench()
    const [one, other] = [await bench.started(), await bench.started()]
    await one.calls.create(bench.campaign({ contacts: people(10) }))
    await bench.clock.advance(MINUTE)
    const stopped = Promise.all([one.stop({ drain: '10s' }), other.stop({ drain: '10s' })])
    await bench.clock.advance(SECOND)
    expect(await stopped).toEqual([{ live: 0 }, { live: 0 }])
  })
})

describe('race 6: a lease that ends while the worker hesitates', () => {
  it('starts nothing that was granted before a freeze, and the task goes on elsewhere', async () => {
    const bench = new Bench()
    // The reply with the fence arrives when its time has long passed.
    const slow = withMethod(bench.storage, 'exchange', (exchange) => async (request) => {
      const reply = await exchange(request)
      const late = reply.fences.length > 0
      if (late) await new Promise<void>((resolve) => void bench.clock.setTimeout(resolve, 15 * SECOND))
      return reply
    })
    const frozen = await bench.started(slow)
    const job = await frozen.calls.create(bench.campaign())
    await bench.clock.advance(16 * SECOND)
    expect(bench.entries('placed')).toEqual([])
    void frozen.abandon()

    const engine = await bench.started()
    await bench.clock.advance(3 * MINUTE)
    expect((await job.task(0)).state).toBe('succeeded')
    expect(bench.entries('placed')).toHaveLength(1)
    await bench.end(engine)
  })

  it('gives a claim back when its worker died, unburned', async () => {
    const bench = new Bench()
    const deaf = withMethod(bench.storage, 'exchange', (exchange) => async (request) => {
      const reply = await exchange(request)
      return reply.claims.length > 0 ? new Promise<never>(() => {}) : reply
    })
    const dying = await bench.started(deaf)
    const job = await dying.calls.create(bench.campaign())
    await bench.clock.advance(100)
    void dying.abandon()
    const engine = await bench.started()
    await bench.clock.advance(MINUTE)
    expect(await job.task(0)).toMatchObject({ state: 'succeeded', calls: [{ attempt: 1 }] })
    await bench.end(engine)
  })
})

describe('race 14: a worker whose clock is days ahead', () => {
  it('judges no call before it has heard the time from the store', async () => {
    const bench = new Bench({ capabilities: { lookup: false } })
    const first = await bench.started()
    const job = await first.calls.create(bench.campaign({ attempts: 3 }))
    await bench.clock.advance(SECOND)
    void first.abandon()
    await bench.clock.advance(2 * SECOND)
    expect(bench.entries('placed')).toHaveLength(1)

    // A store with a clock of its own, whose answers to exchanges take longer than those to the watchdog, which finds the call due.
    const opened = withMethod(bench.storage, 'open', () => async () => {})
    const slow = withMethod(opened, 'exchange', (exchange) => async (request) => {
      await new Promise<void>((resolve) => void bench.clock.setTimeout(resolve, 500))
      return exchange(request)
    })
    const storage = withMethod(slow, 'overdue', () => async ({ routes }) => {
      const [record] = await bench.storage.load(bench.entries('placed').map(({ ref }) => ref))
      return record && routes.length > 0 ? [record] : []
    })
    const clock = aheadBy(bench.clock, () => 48 * HOUR)
    const engine = createEngine({ storage, clock, carriers: { sim: bench.carrier } })
    await engine.start()
    await bench.clock.advance(3 * SECOND)
    expect((await job.task(0)).state).not.toBe('failed')
    await bench.clock.advance(5 * MINUTE)
    expect((await job.task(0)).calls).toMatchObject([{ outcome: 'answered' }])
    await bench.end(engine)
  })
})
