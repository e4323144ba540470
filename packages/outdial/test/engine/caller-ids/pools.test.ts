import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, phone, SECOND } from '../support/bench.js'

const POOL = ['+13035550101', '+12025550102', '+12055550103'] as const
const DAY = 24 * HOUR
const quick = { setup: [100, 100], ring: [1000, 1000], talk: [10_000, 10_000] } as const

function counts(bench: Bench): Map<string, number> {
  const found = new Map<string, number>()
  for (const { from } of bench.entries('placed')) found.set(from, (found.get(from) ?? 0) + 1)
  return found
}

describe('a pool of caller ids', () => {
  it('calls evenly from all of them', async () => {
    const bench = new Bench({ carrier: quick })
    const engine = await bench.started()
    await engine.calls.create(bench.campaign({ from: POOL, callerIds: {}, contacts: people(60) }))
    await bench.clock.advance(MINUTE)
    expect([...counts(bench).values()]).toEqual([20, 20, 20])
    await bench.end(engine)
  })

  it('keeps the concurrency of each number over all campaigns and workers', async () => {
    const bench = new Bench({ carrier: { ...quick, talk: [60_000, 60_000] } })
    const [one, other] = [await bench.started(), await bench.started()]
    await one.calls.create(
      bench.campaign({
        from: POOL,
        callerIds: { concurrency: 3, numbers: { [POOL[0]]: { concurrency: 1 } } },
        contacts: people(30),
      }),
    )
    await other.calls.create(bench.campaign({ name: 'Other', from: POOL, contacts: people(30) }))
    await bench.clock.advance(20 * MINUTE)
    expect(bench.entries('placed')).toHaveLength(60)
    const live = bench.carrier.ledger.maxLive({ by: 'from' })
    expect(Object.fromEntries(live)).toEqual({ [POOL[0]]: 1, [POOL[1]]: 3, [POOL[2]]: 3 })
    await bench.end(one)
    await bench.end(other)
  })

  it('keeps a daily cap over campaigns in any 24 hours, and pauses those that have no number left', async () => {
    const bench = new Bench({ carrier: quick })
    const [one, other] = [await bench.started(), await bench.started()]
    const [first, second] = POOL
    await one.setLimits({ organization: 'default', callerId: first }, { perDay: 4 })
    const job = await one.calls.create(
      bench.campaign({
        from: [first, second],
        callerIds: { numbers: { [second]: { perDay: 3 } } },
        contacts: people(12),
      }),
    )
    const only = await other.calls.create(bench.campaign({ name: 'Only', from: first, contacts: people(5) }))
    await bench.clock.advance(10 * MINUTE)
    expect(counts(bench)).toEqual(
      new Map([
        [first, 4],
        [second, 3],
      ]),
    )
    for (const paused of [job, only]) {
      expect(await paused.snapshot()).toMatchObject({ state: 'paused', reason: 'caller_id_daily_cap' })
    }
    const { resumeAt = 0 } = await job.snapshot()
    expect(resumeAt).toBeGreaterThanOrEqual(bench.clock.start + DAY)
    expect(await one.callerIds.get(first)).toMatchObject({ today: 4 })
    await bench.clock.advance(3 * DAY)
    expect(await job.snapshot()).toMatchObject({ state: 'completed' })
    expect(await only.snapshot()).toMatchObject({ state: 'completed' })
    const starts = bench.carrier.ledger.maxStarts({ windowMs: DAY, by: 'from' })
    expect(starts.get(first)).toBe(4)
    expect(starts.get(second)).toBe(3)
    await bench.end(one)
    await bench.end(other)
  })

  it('has a cap that is set while a campaign runs count for it from then on, and costs nothing before', async () => {
    const bench = new Bench({ carrier: quick })
    const [one, other] = [await bench.started(), await bench.started()]
    const job = await one.calls.create(bench.campaign({ from: POOL[0], contacts: people(50), concurrency: 1 }))
    await bench.clock.advance(MINUTE)
    expect((await job.snapshot()).spec).not.toHaveProperty('asksNumber')
    const before = bench.entries('placed').length
    await other.setLimits({ organization: 'default', callerId: POOL[0] }, { perDay: 3 })
    const since = bench.clock.now()
    await bench.clock.advance(30 * MINUTE)
    expect(bench.entries('placed').filter(({ at }) => at > since)).toHaveLength(3)
    expect(before).toBeGreaterThan(3)
    expect(await job.snapshot()).toMatchObject({ state: 'paused', reason: 'caller_id_daily_cap' })
    await bench.end(one)
    await bench.end(other)
  })

  it('calls a contact again from the number that called before', async () => {
    const bench = new Bench({ carrier: { ...quick, outcomes: { busy: 1 } } })
    const engine = await bench.started()
    const retry = { busy: { delays: ['10m'] } } as const
    await engine.calls.create(bench.campaign({ from: POOL, callerIds: {}, contacts: people(9), attempts: 4, retry }))
    await engine.calls.create(
      bench.campaign({
        name: 'Any',
        from: POOL,
        callerIds: { sticky: false },
        contacts: people(9),
        attempts: 4,
        retry,
      }),
    )
    await bench.clock.advance(2 * HOUR)
    const used = new Map<string, Set<string>>()
    for (const { ref, to, from } of bench.entries('placed')) {
      const key = `${ref.split(':')[0]} ${to}`
      used.set(key, (used.get(key) ?? new Set()).add(from))
    }
    expect([...used.values()].map(({ size }) => size)).toEqual([...Array(9).fill(1), ...Array(9).fill(3)])
    await bench.end(engine)
  })

  it('calls from numbers near the called one first', async () => {
    const bench = new Bench({ carrier: quick })
    const engine = await bench.started()
    const contacts = ['+12025550190', '+13035550191', '+12055550192', '+14045550193'].map((one) => ({ phone: one }))
    await engine.calls.create(bench.campaign({ from: POOL, callerIds: { localPresence: true }, contacts }))
    await bench.clock.advance(MINUTE)
    const used = new Map(bench.entries('placed').map(({ to, from }) => [to, from]))
    expect(used.get('+12025550190')).toBe(POOL[1])
    expect(used.get('+13035550191')).toBe(POOL[0])
    expect(used.get('+12055550192')).toBe(POOL[2])
    expect(POOL).toContain(used.get('+14045550193'))
    await bench.end(engine)
  })

  it('finds the numbers with room among a thousand', async () => {
    const bench = new Bench({ carrier: { ...quick, talk: [60_000, 60_000] } })
    const engine = await bench.started()
    const from = Array.from({ length: 1000 }, (_, i) => `+1303555${String(i).padStart(4, '0')}`)
    await engine.calls.create(bench.campaign({ from, callerIds: { concurrency: 1 }, contacts: people(300) }))
    await bench.clock.advance(30 * SECOND)
    expect(counts(bench).size).toBe(300)
    await bench.end(engine)
  })

  it('has the limits that it was given count for numbers that it gets later', async () => {
    const bench = new Bench({ carrier: quick })
    const engine = await bench.started()
    const [first, second, third] = POOL
    const callerIds = { concurrency: 3, perDay: 9, numbers: { [first]: { perDay: 4 } } }
    const job = await engine.calls.create(
      bench.campaign({ from: [first], callerIds, contacts: people(60), start: 'draft' }),
    )
    const rules = async (number: string) =>
      (await bench.storage.usage([{ key: `day:from:default:${number}` }, { key: `slots:from:default:${number}` }])).map(
        ({ rule }) => rule,
      )
    const capped = (cap: number) => [{ cap, windowMs: DAY }, { slots: 3 }]
    await job.update({ from: [first, second] })
    expect(await rules(second)).toEqual(capped(9))
    // What somebody has said of a number since stays when it is no new one.
    await engine.setLimits({ organization: 'default', callerId: second }, { perDay: 5 })
    // What is said of all numbers later replaces what was said of one before.
    await job.update({ callerIds: { perDay: 7, numbers: { [second]: { perDay: 6 } } } })
    await job.update({ from: [second, third] })
    await job.update({ from: [first, second, third] })
    expect(await Promise.all([rules(first), rules(second), rules(third)])).toEqual([capped(7), capped(6), capped(7)])
    await job.start()
    await bench.clock.advance(HOUR)
    expect([...counts(bench).values()].sort()).toEqual([6, 7, 7])
    await bench.end(engine)
  })

  it('goes on when a daily cap is raised, or when it gets a number with room', async () => {
    const bench = new Bench({ carrier: quick })
    const engine = await bench.started()
    const [first, second] = POOL
    const options = { from: [first], callerIds: { perDay: 2 }, contacts: people(12) }
    const job = await engine.calls.create(bench.campaign(options))
    const paused = async () => {
      await bench.clock.advance(5 * MINUTE)
      expect(await job.snapshot()).toMatchObject({ state: 'paused', reason: 'caller_id_daily_cap' })
      return counts(bench)
    }
    expect((await paused()).get(first)).toBe(2)
    await engine.setLimits({ organization: 'default', callerId: first }, { perDay: 4 })
    expect((await paused()).get(first)).toBe(4)
    // Not what it was before it went on.
    expect((await job.update({ callerIds: { perDay: 5 } })).state).not.toBe('paused')
    expect((await paused()).get(first)).toBe(5)
    await job.update({ from: [first, second] })
    expect((await paused()).get(second)).toBe(5)
    await engine.setLimits({ organization: 'default', callerId: second }, { perDay: null })
    await bench.clock.advance(5 * MINUTE)
    expect((await job.snapshot()).tasks.succeeded).toBe(12)
    await bench.end(engine)
  })

  it('whose only number was limited by a process that died then asks for it all the same', async () => {
    const bench = new Bench({ carrier: quick })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ from: POOL[0], contacts: people(20), start: 'draft' }))
    // As `setLimits` stores it, and not what follows it.
    await bench.storage.setLimits([{ key: `day:from:default:${POOL[0]}`, revision: 1, cap: 3, windowMs: DAY }])
    await bench.end(engine)
    const next = await bench.started()
    await bench.clock.advance(SECOND)
    await (await next.calls.get(job.id))?.start()
    await bench.clock.advance(10 * MINUTE)
    expect(counts(bench).get(POOL[0])).toBe(3)
    await bench.end(next)
  })

  it('can be changed while it runs, but not that of a campaign with one number', async () => {
    const bench = new Bench({ carrier: quick })
    const engine = await bench.started()
    const [first, second, third] = POOL
    const job = await engine.calls.create(
      bench.campaign({ from: first, callerIds: {}, contacts: people(10), concurrency: 1 }),
    )
    await bench.clock.advance(5 * SECOND)
    await job.update({ from: [second, third], callerIds: { concurrency: 1 } })
    await bench.clock.advance(10 * MINUTE)
    expect([...counts(bench).keys()].sort()).toEqual([...POOL].sort())
    const alone = await engine.calls.create(
      bench.campaign({ name: 'Alone', from: first, contacts: [{ phone: phone(40) }] }),
    )
    await expect(alone.update({ from: second })).rejects.toMatchObject({
      code: 'invalid_options',
      details: { field: 'from' },
    })
    await expect(job.update({ callerIds: { numbers: { [first]: { cps: 1 } } } })).rejects.toMatchObject({
      details: { field: `callerIds.numbers.${first}` },
    })
    await bench.end(engine)
  })
})
