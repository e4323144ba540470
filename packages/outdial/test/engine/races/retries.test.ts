import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, SECOND } from '../support/bench.js'

describe('race 11: a retry that is due while the last attempt is unknown', () => {
  it('waits until it is known', async () => {
    const bench = new Bench({
      carrier: { outcomes: { busy: 1 }, faults: { eventsLost: { ended: 1 }, timeoutPlaced: 1, lookupFails: 1 } },
    })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ attempts: 2, retry: { busy: { delays: ['1s'] } } }))
    await bench.clock.advance(10 * MINUTE)
    expect(bench.entries('placed')).toHaveLength(1)
    expect((await job.task(0)).state).toBe('unknown')
    bench.carrier.setFaults({})
    await bench.clock.advance(3 * MINUTE)
    expect(bench.entries('placed')).toHaveLength(2)
    await bench.clock.advance(MINUTE)
    expect(await job.task(0)).toMatchObject({ state: 'failed', reason: 'attempts_exhausted' })
    await bench.end(engine)
  })

  it('calls an unknown one again only where the host says so, and then counts it', async () => {
    const bench = new Bench({ capabilities: { lookup: false }, carrier: { faults: { eventsLost: 1 } } })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ attempts: 2, unknown: 'retry', maxDuration: '1m' }))
    await bench.clock.advance(HOUR)
    expect(bench.entries('placed')).toHaveLength(2)
    expect(await job.task(0)).toMatchObject({ state: 'failed', reason: 'outcome_unknown' })
    const [first, second] = bench.entries('placed')
    const end = bench.entries('ended').find(({ ref }) => ref === first?.ref)
    expect(second?.at).toBeGreaterThan(end?.at ?? Number.POSITIVE_INFINITY)
    await bench.end(engine)
  })

  it('gives a contact up whose requests are always lost, without burning an attempt', async () => {
    const bench = new Bench({ carrier: { faults: { timeoutNotPlaced: 1 } } })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ infrastructureLimit: 3 }))
    await bench.clock.advance(HOUR)
    expect(bench.entries('placed')).toEqual([])
    expect(await job.task(0)).toMatchObject({ state: 'failed', reason: 'infrastructure' })
    await bench.end(engine)
  })
})

describe('race 12: one number in two campaigns', () => {
  it('is called within its cap by both together', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const caps = [{ per: 'phone', max: 1, within: '1h' }] as const
    const one = await engine.calls.create(bench.campaign({ contacts: people(5), caps }))
    const other = await engine.calls.create(bench.campaign({ name: 'Other', contacts: people(5), caps }))
    await bench.clock.advance(30 * MINUTE)
    expect(bench.entries('placed')).toHaveLength(5)
    await bench.clock.advance(2 * HOUR)
    expect((await one.snapshot()).tasks.succeeded + (await other.snapshot()).tasks.succeeded).toBe(10)
    expect([...bench.carrier.ledger.maxStarts({ windowMs: HOUR, by: 'to' }).values()]).toEqual([1, 1, 1, 1, 1])
    await bench.end(engine)
  })

  it('gives the cap back when the call was provably not placed, not when it is unknown', async () => {
    const bench = new Bench({ carrier: { faults: { refuse: { unavailable: 1 } } } })
    const engine = await bench.started()
    const caps = [{ per: 'phone', max: 1, within: '1h' }] as const
    const job = await engine.calls.create(bench.campaign({ caps }))
    await bench.clock.advance(SECOND)
    bench.carrier.setFaults({})
    await bench.clock.advance(MINUTE)
    expect((await job.task(0)).calls.map(({ placed }) => placed)).toEqual([false, true])
    await bench.end(engine)
  })
})
