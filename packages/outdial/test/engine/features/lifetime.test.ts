import {
  type CarrierEvent,
  createEngine,
  type Engine,
  type EngineOptions,
  isOutdialError,
  type Limit,
  type SimulatedCarrier,
  type Storage,
  seededIds,
  seededRandom,
} from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, SECOND, withMethod } from '../support/bench.js'

const refusal = (error: unknown) => (isOutdialError(error) ? [error.code, error.details, error.message] : error)
const code = (error: unknown) => (isOutdialError(error) ? error.code : error)

/** An engine with options that a bench does not have. */
function engineOver(bench: Bench, options: Partial<EngineOptions> = {}): Engine<{ sim: SimulatedCarrier }> {
  return createEngine({
    storage: bench.storage,
    carriers: { sim: bench.carrier },
    clock: bench.clock,
    ids: seededIds('lifetime'),
    random: seededRandom('lifetime'),
    ...options,
  }) as unknown as Engine<{ sim: SimulatedCarrier }>
}

/** Notes how often a carrier is connected and taken off, and hands out its line. */
function connections(carrier: SimulatedCarrier) {
  const seen = { on: 0, off: 0, emit: (_: CarrierEvent) => {} }
  const connect = carrier.connect?.bind(carrier)
  Object.assign(carrier, {
    connect: (host: Parameters<NonNullable<typeof connect>>[0]) => {
      seen.on++
      seen.emit = host.emit
      const off = connect?.(host)
      return () => {
        seen.off++
        off?.()
      }
    },
  })
  return seen
}

/** A store whose limits are noted when they are set. */
function noting(storage: Storage, limits: Limit[]): Storage {
  return withMethod(storage, 'setLimits', (set) => async (some) => {
    limits.push(...some)
    return set(some)
  })
}

describe('the life of an engine', () => {
  it('begins once, however often it is started', async () => {
    const bench = new Bench()
    const seen = connections(bench.carrier)
    const engine = engineOver(bench)
    const starts = [engine.start(), engine.start()]
    await Promise.all(starts)
    await engine.start()
    expect(seen).toMatchObject({ on: 1, off: 0 })
    await bench.end(engine)
    expect(seen).toMatchObject({ on: 1, off: 1 })
  })

  it('ends before it began, when it is stopped first', async () => {
    const bench = new Bench()
    const seen = connections(bench.carrier)
    const engine = engineOver(bench)
    expect(await engine.stop()).toEqual({ live: 0 })
    expect(await engine.stop()).toEqual({ live: 0 })
    const [stopped, , message] = (await engine.start().catch(refusal)) as unknown[]
    expect(stopped).toBe('engine_stopped')
    expect(message).toContain('has been stopped')
    expect(seen.on).toBe(0)
  })

  it('ends before it began, when it is stopped while its store opens', async () => {
    const bench = new Bench()
    const seen = connections(bench.carrier)
    const storage = withMethod(bench.storage, 'open', (open) => async (host) => {
      await new Promise<void>((resolve) => void bench.clock.setTimeout(resolve, SECOND))
      return open(host)
    })
    const engine = engineOver(bench, { storage })
    const started = engine.start().catch(code)
    const stopped = engine.stop()
    await bench.clock.advance(2 * SECOND)
    expect(await started).toBe('engine_stopped')
    expect(await stopped).toEqual({ live: 0 })
    expect(seen.on).toBe(0)
    expect(bench.clock.timers()).toEqual([])
  })

  it('gives calls half a minute to end when it stops, unless told otherwise', async () => {
    const bench = new Bench({ carrier: { talk: [HOUR, HOUR] } })
    const engine = await bench.started()
    await engine.calls.create(bench.campaign({ contacts: people(2) }))
    await bench.clock.advance(20 * SECOND)
    const asked = bench.clock.now()
    let took = 0
    const stopped = engine.stop().finally(() => {
      took = bench.clock.now() - asked
    })
    await bench.clock.advance(MINUTE)
    expect(await stopped).toEqual({ live: 2 })
    expect(took).toBeGreaterThanOrEqual(30 * SECOND)
    expect(took).toBeLessThan(35 * SECOND)
    await expect(engine.stop({ drain: 'soon' })).rejects.toMatchObject({ details: { field: 'drain' } })
  })

  it('ends at once when it is abandoned: no timer, no connection, nothing more said', async () => {
    const bench = new Bench({ carrier: { talk: [HOUR, HOUR] } })
    const seen = connections(bench.carrier)
    let exchanges = 0
    const storage = withMethod(bench.storage, 'exchange', (exchange) => async (request) => {
      exchanges++
      return exchange(request)
    })
    const engine = engineOver(bench, { storage })
    await engine.start()
    const job = await engine.calls.create(bench.campaign({ contacts: people(2) }))
    await bench.clock.advance(20 * SECOND)
    const live = (await job.task(0)).liveCall as string
    expect(await engine.calls.report(live, { disposition: 'interested' })).toEqual({ recorded: true })
    expect(await engine.calls.report(live, { disposition: 'interested' })).toEqual({ recorded: false })
    const said = exchanges
    await engine.abandon()
    expect(seen).toMatchObject({ on: 1, off: 1 })
    await bench.clock.advance(MINUTE)
    expect(exchanges).toBe(said)
    expect(await engine.calls.report(live, { disposition: 'interested' }).catch(code)).toBe('engine_stopped')
    expect(await engine.start().catch(code)).toBe('engine_stopped')
  })
})

describe('the limits an engine starts with', () => {
  it('are the pace of its carriers, what its options say of routes, and of everything, each under a revision of its own time', async () => {
    const bench = new Bench({ capabilities: { cps: 7 } })
    const limits: Limit[] = []
    const engine = engineOver(bench, {
      storage: noting(bench.storage, limits),
      limits: { routes: { sim: { concurrency: 5 } }, everything: { concurrency: 9 } },
    })
    await engine.start()
    const told = Object.fromEntries(limits.map(({ key, revision: _, ...limit }) => [key, limit]))
    expect(told).toMatchObject({
      'rate:route:sim': { rate: 7 },
      'slots:route:sim': { slots: 5 },
      'slots:everything': { slots: 9 },
    })
    expect(new Set(limits.map(({ revision }) => revision))).toEqual(new Set([bench.clock.now() * 1000]))
    const first = limits.splice(0)[0]?.revision ?? 0

    await engine.setLimits({ route: 'sim' }, { concurrency: 4 })
    await engine.setLimits({ route: 'sim' }, { concurrency: 3 })
    expect(limits.map(({ revision }) => revision - first)).toEqual([1, 2])
    await bench.clock.advance(5)
    limits.length = 0
    await engine.setLimits({ route: 'sim' }, { concurrency: 2 })
    expect(limits.map(({ revision }) => revision - first)).toEqual([5000])
    await bench.end(engine)
  })

  it('are none where nobody says any', async () => {
    const bench = new Bench()
    const limits: Limit[] = []
    let times = 0
    const storage = withMethod(noting(bench.storage, limits), 'setLimits', (set) => (some) => {
      times++
      return set(some)
    })
    const engine = engineOver(bench, { storage })
    await engine.start()
    expect(limits).toEqual([])
    expect(times).toBe(0)
    await bench.end(engine)
  })

  it('are set once, by whatever of it comes first', async () => {
    const bench = new Bench({ capabilities: { cps: 7 } })
    const limits: Limit[] = []
    let opened = 0
    const noted = noting(bench.storage, limits)
    const storage = withMethod(noted, 'open', (open) => (host) => {
      opened++
      return open(host)
    })
    const engine = engineOver(bench, { storage })
    await engine.calls.create(bench.campaign({ start: 'draft' }))
    const ofRoute = limits.filter(({ key }) => key.endsWith('route:sim')).length
    await engine.start()
    await engine.calls.create(bench.campaign({ name: 'Other', start: 'draft' }))
    expect(opened).toBe(1)
    expect(ofRoute).toBeGreaterThan(0)
    expect(limits.filter(({ key }) => key.endsWith('route:sim'))).toHaveLength(ofRoute)
    await bench.end(engine)
  })
})

describe('the routes of an engine', () => {
  it.each([
    [undefined, ['other', 'sim']],
    [['sim'], ['sim']],
    [[], []],
  ])('are those that `dial` names, all by default: %j', async (dial, expected) => {
    const bench = new Bench()
    const [claimed, looked] = [new Set<string>(), new Set<string>()]
    const exchanging = withMethod(bench.storage, 'exchange', (exchange) => async (request) => {
      for (const { route } of request.claims) claimed.add(route)
      return exchange(request)
    })
    const storage = withMethod(exchanging, 'overdue', (overdue) => async (query) => {
      for (const route of query.routes) looked.add(route)
      return overdue(query)
    })
    const other = new Bench().carrier
    const engine = engineOver(bench, { storage, carriers: { sim: bench.carrier, other }, ...(dial && { dial }) })
    await engine.start()
    await bench.clock.advance(10 * SECOND)
    expect([...claimed].sort()).toEqual(expected)
    expect([...looked].sort()).toEqual(expected)
    await bench.end(engine)
  })
})

describe('trouble that an engine tells of', () => {
  it('names what a carrier lacks when its webhook is taken', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const request = { method: 'POST', url: 'https://host.example/webhook', headers: {}, body: '' }
    expect(await engine.webhook('other', request).catch(refusal)).toEqual([
      'unknown_carrier',
      { field: 'route', route: 'other' },
      "There is no carrier 'other'.",
    ])
    expect(await engine.webhook('sim', request).catch(refusal)).toEqual([
      'not_supported',
      { route: 'sim' },
      "Carrier 'sim' has no webhooks.",
    ])
    await bench.end(engine)
  })

  it('is an event that could not be taken, because the store could not be asked', async () => {
    const bench = new Bench()
    const seen = connections(bench.carrier)
    const storage = withMethod(bench.storage, 'load', () => async () => {
      throw new Error('gone')
    })
    const engine = engineOver(bench, { storage })
    const failed: unknown[] = []
    engine.on('carrier.failed', (failure) => failed.push(failure))
    await engine.start()
    seen.emit({ ref: 'job_1:0:1:nonce', type: 'ended', outcome: 'answered' })
    await bench.clock.advance(SECOND)
    expect(failed).toEqual([
      { route: 'sim', reason: 'event', message: expect.stringContaining('gone'), ref: 'job_1:0:1:nonce' },
    ])
    await bench.end(engine)
  })

  it('is a job that should be paused and cannot be, because the store could not be asked', async () => {
    const bench = new Bench({ carrier: { faults: { refuse: { configuration: 1 } } } })
    const storage = withMethod(bench.storage, 'control', () => async () => {
      throw new Error('gone')
    })
    const engine = engineOver(bench, { storage })
    const failed: unknown[] = []
    engine.on('storage.failed', (failure) => failed.push(failure))
    await engine.start()
    await engine.calls.create(bench.campaign())
    await bench.clock.advance(SECOND)
    expect(failed).toContainEqual({ error: new Error('gone'), retryIn: 0 })
    await bench.end(engine)
  })

  it('is none when many calls at once want the same job paused', async () => {
    const bench = new Bench({ carrier: { faults: { refuse: { configuration: 1 } } } })
    const engine = await bench.started()
    const failed: unknown[] = []
    engine.on('storage.failed', (failure) => failed.push(failure))
    const job = await engine.calls.create(bench.campaign({ contacts: people(9) }))
    await bench.clock.advance(MINUTE)
    expect((await job.snapshot()).state).toBe('paused')
    expect(failed).toEqual([])
    await bench.end(engine)
  })

  it('asks for fences that survive a crash where it is to, of a store that can', async () => {
    for (const durable of [true, false]) {
      const bench = new Bench()
      const asked: unknown[] = []
      const exchanging = withMethod(bench.storage, 'exchange', (exchange) => async ({ durable: wish, ...request }) => {
        if (request.fences.length > 0) asked.push(wish)
        return exchange(request)
      })
      const capabilities = { ...bench.storage.capabilities, durable: true }
      const storage = new Proxy(exchanging, {
        get: (target, key) => (key === 'capabilities' ? capabilities : Reflect.get(target, key, target)),
      })
      const engine = engineOver(bench, { storage, ...(durable && { durable }) })
      await engine.start()
      await engine.calls.create(bench.campaign())
      await bench.clock.advance(SECOND)
      expect(asked).toEqual([durable ? true : undefined])
      await bench.end(engine)
    }
  })
})
