import type { Attempt, EngineEvents } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, SECOND } from '../support/bench.js'

const POOL = ['+13035550101', '+12025550102', '+12055550103'] as const
const quick = { setup: [100, 100], ring: [1000, 1000], talk: [10_000, 10_000] } as const

type Told = EngineEvents['breaker.changed'] & { at: number }

function listen(bench: Bench, ...engines: Awaited<ReturnType<Bench['started']>>[]): Told[] {
  const told: Told[] = []
  for (const engine of engines) {
    engine.on('breaker.changed', (event) => void told.push({ ...event, at: bench.clock.now() - bench.clock.start }))
  }
  return told
}

describe('a route that fails', () => {
  it('is let go by an engine without breakers, which would never heal it', async () => {
    const faults = { refuse: { unavailable: 1 } }
    const bench = new Bench({ carrier: { ...quick, faults }, engine: { breaker: { minimum: 5 } } })
    const engine = await bench.started()
    const told = listen(bench, engine)
    const job = await engine.calls.create(bench.campaign({ contacts: people(100) }))
    await bench.clock.advance(10 * SECOND)
    expect(told).toMatchObject([{ state: 'open' }])
    await bench.end(engine)
    bench.carrier.setFaults({})
    const calm = bench.engine(bench.storage, { breaker: false })
    await calm.start()
    await bench.clock.advance(2 * MINUTE)
    expect((await (await calm.calls.get(job.id))?.snapshot())?.tasks.succeeded).toBe(100)
    await bench.end(calm)
  })

  it('is probed only, by all workers together, until it works again; nobody is called less often for it', async () => {
    const bench = new Bench({ carrier: { ...quick, faults: { refuse: { unavailable: 1 } } } })
    const engines = [await bench.started(), await bench.started()] as const
    const told = listen(bench, ...engines)
    const job = await engines[0].calls.create(bench.campaign({ contacts: people(300), attempts: 1 }))
    await bench.clock.advance(10 * SECOND)
    // Both may find it out in the same moment.
    for (const one of told) expect(one).toMatchObject({ route: 'sim', state: 'open' })
    expect(told[0]?.failed).toBeGreaterThanOrEqual(20)

    const before = bench.entries('refused').length
    await bench.clock.advance(10 * MINUTE)
    const probes = bench.entries('refused').length - before
    expect(probes).toBeGreaterThanOrEqual(36)
    expect(probes).toBeLessThanOrEqual(42)
    expect(await job.snapshot()).toMatchObject({
      state: 'running',
      tasks: { failed: 0 },
      waitingFor: { reason: 'breaker', until: expect.any(Number) as number },
    })

    bench.carrier.setFaults({})
    await bench.clock.advance(2 * MINUTE)
    expect(told.at(-1)).toMatchObject({ route: 'sim', state: 'closed' })
    await bench.clock.advance(HOUR)
    expect(await job.snapshot()).toMatchObject({ state: 'completed', tasks: { succeeded: 300 } })
    for (const engine of engines) await bench.end(engine)
  })

  it('is still probed only by an engine that was started after it broke', async () => {
    const bench = new Bench({ carrier: { ...quick, outcomes: { network_error: 1 } } })
    const engine = await bench.started()
    await engine.calls.create(bench.campaign({ contacts: people(200) }))
    await bench.clock.advance(MINUTE)
    await bench.end(engine)
    const placed = bench.entries('placed').length
    const next = await bench.started()
    await bench.clock.advance(10 * MINUTE)
    const probes = bench.entries('placed').length - placed
    expect(probes).toBeGreaterThanOrEqual(36)
    expect(probes).toBeLessThanOrEqual(42)
    await bench.end(next)
  })

  it('heals step by step, and a probe that fails takes it back', async () => {
    let works = 0
    const outcomes = (): 'answered' | 'carrier_error' => (works-- > 0 ? 'answered' : 'carrier_error')
    const bench = new Bench({ carrier: { ...quick, outcomes } })
    const engine = await bench.started()
    const told = listen(bench, engine)
    await engine.calls.create(bench.campaign({ contacts: people(400) }))
    await bench.clock.advance(2 * MINUTE)
    expect(told).toHaveLength(1)
    works = 2
    await bench.clock.advance(3 * MINUTE)
    // Two went well, the third did not.
    expect(told).toHaveLength(1)
    const placed = bench.entries('placed').length
    await bench.clock.advance(2 * MINUTE)
    expect(bench.entries('placed').length - placed).toBeLessThanOrEqual(9)
    works = 1000
    await bench.clock.advance(5 * MINUTE)
    expect(told.map(({ state }) => state)).toEqual(['open', 'closed'])
    await bench.end(engine)
  })

  it('does not keep the jobs of other routes waiting, nor is it taken for broken by what contacts do', async () => {
    const bench = new Bench({ carrier: { ...quick, outcomes: { busy: 0.5, rejected: 0.3, invalid_number: 0.2 } } })
    const engine = await bench.started()
    const told = listen(bench, engine)
    const job = await engine.calls.create(bench.campaign({ contacts: people(300) }))
    await bench.clock.advance(10 * MINUTE)
    expect(told).toEqual([])
    expect((await job.snapshot()).state).toBe('completed')
    await bench.end(engine)
  })

  it('is left alone by an engine that is told so', async () => {
    const bench = new Bench({ carrier: { ...quick, outcomes: { network_error: 1 } }, engine: { breaker: false } })
    const engine = await bench.started()
    const told = listen(bench, engine)
    await engine.calls.create(bench.campaign({ contacts: people(100) }))
    await bench.clock.advance(10 * MINUTE)
    expect(told).toEqual([])
    expect(bench.entries('placed').length).toBeGreaterThan(500)
    await bench.end(engine)
  })
})

describe('a number that fails on a route that works', () => {
  it('is closed for a while and probed, and the others call on', async () => {
    let broken = true
    const outcomes = ({ from }: Attempt) => (from === POOL[0] && broken ? 'carrier_error' : 'answered')
    const bench = new Bench({ carrier: { ...quick, outcomes }, engine: { breaker: { minimum: 10 } } })
    const engine = await bench.started()
    const told = listen(bench, engine)
    const job = await engine.calls.create(
      bench.campaign({ from: POOL, callerIds: { concurrency: 10 }, contacts: people(1500) }),
    )
    await bench.clock.advance(2 * MINUTE)
    expect(told[0]).toMatchObject({ route: 'sim', organization: 'default', callerId: POOL[0], state: 'open' })
    expect(told.every(({ callerId }) => callerId === POOL[0])).toBe(true)
    // Each closure is twice as long as the one before.
    const waits = told.slice(0, 3).map(({ until, at }) => (until as number) - bench.clock.start - at)
    expect(waits).toEqual([15 * SECOND, 30 * SECOND, 60 * SECOND])
    expect((await job.snapshot()).state).toBe('running')
    broken = false
    await bench.clock.advance(30 * MINUTE)
    expect(told.at(-1)).toMatchObject({ callerId: POOL[0], state: 'closed' })
    expect(await job.snapshot()).toMatchObject({ state: 'completed', tasks: { succeeded: 1500 } })
    await bench.end(engine)
  })

  it('is not blamed for its route', async () => {
    const bench = new Bench({ carrier: { ...quick, outcomes: { network_error: 1 } } })
    const engine = await bench.started()
    const told = listen(bench, engine)
    await engine.calls.create(bench.campaign({ from: POOL, callerIds: {}, contacts: people(200) }))
    await bench.clock.advance(10 * MINUTE)
    expect(told.map(({ callerId }) => callerId)).toEqual([undefined])
    await bench.end(engine)
  })
})
