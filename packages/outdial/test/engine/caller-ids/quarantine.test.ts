import type { Attempt, EngineEvents } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, SECOND } from '../support/bench.js'

const POOL = ['+13035550101', '+12025550102', '+12055550103'] as const
const DAY = 24 * HOUR
const quick = { setup: [100, 100], ring: [1000, 1000], talk: [10_000, 10_000] } as const

/** A carrier whose analytics block what comes from these numbers. */
function blocking(...blocked: string[]) {
  const set = new Set(blocked)
  return { set, outcomes: ({ from }: Attempt) => (set.has(from) ? 'blocked' : 'answered') } as const
}

/** The third block closes it; others may have been fenced while that was stored. */
function expectFew(blocked: number | undefined): void {
  expect([3, 4, 5, 6]).toContain(blocked)
}

describe('a number whose calls are blocked', () => {
  it('is closed for a day, for every campaign of the organization and every worker', async () => {
    const { outcomes } = blocking(POOL[0])
    const bench = new Bench({ carrier: { ...quick, outcomes } })
    const [one, other] = [await bench.started(), await bench.started()]
    const told: EngineEvents['callerId.closed'][] = []
    for (const engine of [one, other]) engine.on('callerId.closed', (event) => void told.push(event))
    const job = await one.calls.create(
      bench.campaign({ from: POOL, callerIds: { concurrency: 1 }, contacts: people(60) }),
    )
    await bench.clock.advance(30 * MINUTE)
    expect(await job.snapshot()).toMatchObject({ state: 'completed', byOutcome: { blocked: 3, answered: 57 } })
    const at = bench.entries('ended').filter(({ from }) => from === POOL[0])[2]?.at as number
    expect(told).toEqual([{ organization: 'default', number: POOL[0], until: at + DAY, reason: 'quarantined' }])
    expect(await other.callerIds.list()).toEqual([{ number: POOL[0], until: at + DAY, reason: 'quarantined' }])
    expect(await other.callerIds.list({ organization: 'acme' })).toEqual([])

    const next = await other.calls.create(bench.campaign({ name: 'Next', from: POOL, contacts: people(10) }))
    await bench.clock.advance(MINUTE)
    expect(await next.snapshot()).toMatchObject({ byOutcome: { answered: 10 } })
    // Another organization may call from it: it is not for one to close numbers of others.
    const acme = await other.calls.create(bench.campaign({ organization: 'acme', from: POOL[0], contacts: people(1) }))
    await bench.clock.advance(MINUTE)
    expect(await acme.snapshot()).toMatchObject({ byOutcome: { blocked: 1 } })
    await bench.end(one)
    await bench.end(other)
  })

  it('pauses campaigns without another number until it opens, and they go on then', async () => {
    const block = blocking(POOL[0])
    const bench = new Bench({ carrier: { ...quick, outcomes: block.outcomes } })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ from: POOL[0], concurrency: 1, contacts: people(20) }))
    const late = await engine.calls.create(
      bench.campaign({ name: 'Late', from: POOL[0], contacts: people(5), start: 'draft' }),
    )
    await bench.clock.advance(10 * MINUTE)
    const paused = await job.snapshot()
    expect(paused).toMatchObject({ state: 'paused', reason: 'caller_id_quarantined' })
    const { blocked = 0 } = paused.byOutcome
    expectFew(blocked)
    const [closed] = await engine.callerIds.list()
    expect(paused.resumeAt).toBe(closed?.until)
    await late.start()
    await bench.clock.advance(MINUTE)
    expect(await late.snapshot()).toMatchObject({ state: 'paused', resumeAt: closed?.until, calls: { begun: 0 } })
    block.set.clear()
    await bench.clock.advance((closed?.until as number) - bench.clock.now() - SECOND)
    expect(bench.entries('placed')).toHaveLength(blocked)
    await bench.clock.advance(10 * MINUTE)
    expect(await job.snapshot()).toMatchObject({ state: 'completed', byOutcome: { blocked, answered: 20 - blocked } })
    expect(await engine.callerIds.list()).toEqual([])
    expect(await late.snapshot()).toMatchObject({ state: 'completed', byOutcome: { answered: 5 } })
    await bench.end(engine)
  })

  it('is opened by hand, and campaigns that waited for it go on', async () => {
    const block = blocking(POOL[0])
    const bench = new Bench({ carrier: { ...quick, outcomes: block.outcomes } })
    const [one, other] = [await bench.started(), await bench.started()]
    const job = await one.calls.create(bench.campaign({ from: POOL[0], concurrency: 1, contacts: people(20) }))
    const held = await one.calls.create(bench.campaign({ name: 'Held', from: POOL[0], contacts: people(3) }))
    await held.pause({ reason: 'lunch' })
    await bench.clock.advance(10 * MINUTE)
    const { state, byOutcome } = await job.snapshot()
    expect(state).toBe('paused')
    const { blocked = 0 } = byOutcome
    expectFew(blocked)
    block.set.clear()
    await other.callerIds.release(POOL[0])
    await bench.clock.advance(10 * MINUTE)
    expect(await job.snapshot()).toMatchObject({ state: 'completed', byOutcome: { blocked, answered: 20 - blocked } })
    // Somebody has paused it for another reason.
    expect(await held.snapshot()).toMatchObject({ state: 'paused', reason: 'lunch' })
    expect(await one.callerIds.get(POOL[0])).toEqual({ number: POOL[0], live: 0 })
    // Its blocks are forgotten: it takes three again.
    block.set.add(POOL[0])
    const more = await one.calls.create(
      bench.campaign({ name: 'More', from: POOL[0], concurrency: 1, contacts: people(9) }),
    )
    await bench.clock.advance(10 * MINUTE)
    const again = await more.snapshot()
    expect(again.state).toBe('paused')
    expectFew(again.byOutcome.blocked)
    await bench.end(one)
    await bench.end(other)
  })

  it('is not closed by blocks that are far apart, or when the engine is told not to', async () => {
    const bench = new Bench({
      carrier: { ...quick, outcomes: { blocked: 1 } },
      engine: { quarantine: { after: 2, within: '10m' } },
    })
    const engine = await bench.started()
    for (let i = 0; i < 4; i++) {
      await engine.calls.create(bench.campaign({ name: `Call ${i}`, from: POOL[0] }))
      await bench.clock.advance(11 * MINUTE)
    }
    expect(bench.entries('placed')).toHaveLength(4)
    expect(await engine.callerIds.list()).toEqual([])
    await bench.end(engine)

    const never = new Bench({ carrier: { ...quick, outcomes: { blocked: 1 } }, engine: { quarantine: false } })
    const other = await never.started()
    await other.calls.create(never.campaign({ from: POOL[0], contacts: people(50) }))
    await never.clock.advance(10 * MINUTE)
    expect(never.entries('placed')).toHaveLength(50)
    await never.end(other)
  })

  it('never has a contact called from another number in its place', async () => {
    const block = blocking(POOL[0], POOL[1])
    const bench = new Bench({ carrier: { ...quick, outcomes: block.outcomes } })
    const [one, other] = [await bench.started(), await bench.started()]
    const retry = { blocked: { delays: ['5m'] } } as const
    const job = await one.calls.create(
      bench.campaign({ from: POOL, callerIds: { concurrency: 2 }, contacts: people(40), attempts: 4, retry }),
    )
    await bench.clock.advance(3 * HOUR)
    await one.callerIds.release(POOL[1])
    block.set.clear()
    await bench.clock.advance(23 * HOUR)
    expect(await job.snapshot()).toMatchObject({ state: 'completed', tasks: { succeeded: 40 } })
    const first = new Map<string, string>()
    for (const { to, from } of bench.entries('placed')) {
      expect(from).toBe(first.get(to) ?? from)
      first.set(to, from)
    }
    expect(new Set(first.values()).size).toBe(3)
    await bench.end(one)
    await bench.end(other)
  })

  it('ends contacts that were blocked at a number which their campaign has given up', async () => {
    const bench = new Bench({ carrier: { ...quick, outcomes: blocking(POOL[0]).outcomes } })
    const engine = await bench.started()
    const job = await engine.calls.create(
      bench.campaign({ from: [POOL[0]], callerIds: {}, attempts: 3, retry: { blocked: { delays: ['5m'] } } }),
    )
    await bench.clock.advance(MINUTE)
    await job.update({ from: [POOL[1]] })
    await bench.clock.advance(10 * MINUTE)
    expect(await job.task(0)).toMatchObject({ state: 'failed', reason: 'caller_id_blocked' })
    expect(bench.entries('placed')).toHaveLength(1)
    await bench.end(engine)
  })

  it('may be closed by hand', async () => {
    const bench = new Bench({ carrier: quick })
    const engine = await bench.started()
    await engine.callerIds.close(POOL[0], { for: '2h' })
    // A closure that ends earlier changes nothing.
    await engine.callerIds.close(POOL[0], { for: '1h' })
    const job = await engine.calls.create(bench.campaign({ from: POOL[0] }))
    await bench.clock.advance(MINUTE)
    const until = bench.clock.start + 2 * HOUR
    expect(await job.snapshot()).toMatchObject({ state: 'paused', reason: 'caller_id_closed', resumeAt: until })
    await bench.clock.advance(3 * HOUR)
    expect(bench.entries('placed').map(({ at }) => at >= until)).toEqual([true])
    await expect(engine.callerIds.close('nonsense', { for: '1h' })).rejects.toMatchObject({
      details: { field: 'number' },
    })
    await expect(engine.callerIds.close(POOL[0], { for: 'soon' })).rejects.toMatchObject({ details: { field: 'for' } })
    await bench.end(engine)
  })
})
