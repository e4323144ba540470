import {
  type Accounts,
  type CallJobOptions,
  createEngine,
  isOutdialError,
  memoryAccounts,
  memoryDirectory,
  seededIds,
  seededRandom,
} from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, SECOND } from '../support/bench.js'

const failed = (error: unknown) => (isOutdialError(error) ? error.code : String(error))
const directory = memoryDirectory({ organizations: [{ id: 'acme', account: 'acme' }] })
/** Calls of half a minute cost 30 cents, and 600 at worst. */
const rates = { sim: { default: { perMinute: 60 }, book: 'rate' } } as const
const bench = (accounts: Accounts) => new Bench({ engine: { rates, accounts, directory } })
const options = (world: Bench, more: Partial<CallJobOptions> = {}) =>
  world.campaign({ organization: 'acme', maxDuration: '10m', contacts: people(20), ...more })

/** An engine of a process that has neither rates nor accounts. */
const plain = (world: Bench) =>
  createEngine({
    storage: world.storage,
    carriers: { sim: world.carrier },
    clock: world.clock,
    ids: seededIds('plain'),
    random: seededRandom('plain'),
    dial: [],
  })

describe('a job with an account', () => {
  it('sets its budget aside when it starts, and books what it has spent when it ends', async () => {
    const accounts = memoryAccounts({ acme: 10_000 })
    const world = bench(accounts)
    const engine = await world.started()
    const settled: unknown[] = []
    engine.on('job.settled', ({ account, amount }) => settled.push([account, amount]))
    const job = await engine.calls.create(options(world, { budget: { total: 3000 }, start: 'draft' }))
    expect(await accounts.balance('acme')).toEqual({ available: 10_000, reserved: 0 })
    await job.start()
    expect(await accounts.balance('acme')).toEqual({ available: 7000, reserved: 3000 })
    await world.clock.advance(HOUR)
    expect(await job.snapshot()).toMatchObject({ state: 'completed', tasks: { succeeded: 20 } })
    expect(await accounts.balance('acme')).toEqual({ available: 9400, reserved: 0 })
    expect(settled).toEqual([['acme', 600]])
    await world.end(engine)
  })

  it('is not deleted, and its money with it, by an engine without accounts', async () => {
    const accounts = memoryAccounts({ acme: 10_000 })
    const world = bench(accounts)
    const engine = await world.started()
    const later = { budget: { total: 3000 }, reserve: 3000, start: world.clock.now() + HOUR }
    const job = await engine.calls.create(options(world, later))
    await engine.abandon()
    const other = plain(world)
    const same = await other.calls.get(job.id)
    await same?.cancel()
    expect(await same?.delete().catch(failed)).toBe('account_unavailable')
    const again = await world.started()
    await world.clock.advance(2 * HOUR)
    expect((await accounts.balance('acme'))?.reserved).toBe(0)
    await same?.delete()
    expect(await other.calls.get(job.id)).toBeUndefined()
    await world.end(again)
  })

  it.each(['stop', 'abandon'] as const)(
    'does not hold up an engine that is to %s while its account hangs',
    async (how) => {
      const balances = memoryAccounts({ acme: 10_000 })
      let hangs = false
      const never = new Promise<never>(() => {})
      const accounts: Accounts = {
        balance: (account) => balances.balance(account),
        reserve: (...given) => (hangs ? never : balances.reserve(...given)),
        commit: (...given) => (hangs ? never : balances.commit(...given)),
        release: (...given) => (hangs ? never : balances.release(...given)),
      }
      const world = bench(accounts)
      const first = await world.started()
      const jobs: { id: string }[] = []
      for (let i = 0; i < 4; i++) {
        const later = { budget: { total: 1000 }, reserve: 1000, start: world.clock.now() + HOUR }
        jobs.push(await first.calls.create(options(world, later)))
      }
      const draft = await first.calls.create(options(world, { budget: { total: 1000 }, start: 'draft' }))
      await first.abandon()
      const other = plain(world)
      for (const { id } of jobs) await (await other.calls.get(id))?.cancel()
      hangs = true
      const engine = await world.started()
      await world.clock.advance(SECOND)
      const starting = (await engine.calls.get(draft.id))?.start().catch(failed)
      let over = false
      const ending = (how === 'stop' ? engine.stop({ drain: 0 }) : engine.abandon()).then(() => {
        over = true
      })
      await world.clock.advance(10 * SECOND)
      expect(over).toBe(true)
      await ending
      await world.clock.advance(2 * MINUTE)
      expect(await starting).toBe('account_unavailable')
      hangs = false
      const last = await world.started()
      await world.clock.advance(HOUR)
      expect((await balances.balance('acme'))?.reserved).toBe(0)
      await world.end(last)
    },
  )

  it('does not start with less than it needs, and does when there is enough', async () => {
    const accounts = memoryAccounts({ acme: 2000 })
    const world = bench(accounts)
    const engine = await world.started()
    const draft = await engine.calls.create(options(world, { budget: { total: 3000 }, start: 'draft' }))
    const error = (await draft.start().catch((thrown: unknown) => thrown)) as { code: string; details: object }
    expect([error.code, error.details]).toEqual([
      'insufficient_balance',
      { jobId: draft.id, account: 'acme', required: 3000, available: 2000 },
    ])
    expect((await draft.snapshot()).state).toBe('draft')
    // To begin at once or not at all: then there is no job.
    const now = options(world, { budget: { total: 3000 }, idempotencyKey: 'one' })
    expect(await engine.calls.create(now).catch(failed)).toBe('insufficient_balance')
    expect((await engine.calls.list()).items).toHaveLength(1)
    await draft.update({ budget: { total: 2000 } })
    expect((await draft.start()).state).toBe('queued')
    expect(await engine.calls.create(now).catch(failed)).toBe('insufficient_balance')
    await world.clock.advance(HOUR)
    expect(await accounts.balance('acme')).toEqual({ available: 1400, reserved: 0 })
    await world.end(engine)
  })

  it('without a budget sets aside what it is expected to cost, and more as it is needed', async () => {
    const accounts = memoryAccounts({ acme: 100_000 })
    const world = bench(accounts)
    const engine = await world.started()
    const job = await engine.calls.create(options(world, { attempts: 2 }))
    const first = (await accounts.balance('acme'))?.reserved as number
    // Twenty people, of whom 58 % answer in two attempts, two minutes each.
    expect(first).toBe(Math.ceil(20 * (1 - 0.65 ** 2) * 120))
    await world.clock.advance(HOUR)
    expect((await job.snapshot()).state).toBe('completed')
    expect(await accounts.balance('acme')).toEqual({ available: 100_000 - 600, reserved: 0 })
    await world.end(engine)
  })

  it('that was scheduled is paused when there is too little, and goes on when it is resumed after a top-up', async () => {
    let balances = memoryAccounts({ acme: 500 })
    const accounts: Accounts = {
      balance: (id) => balances.balance(id),
      reserve: (...given) => balances.reserve(...given),
      commit: (...given) => balances.commit(...given),
      release: (...given) => balances.release(...given),
    }
    const world = bench(accounts)
    const engine = await world.started()
    const job = await engine.calls.create(options(world, { start: world.clock.now() + HOUR, budget: { total: 3000 } }))
    await world.clock.advance(2 * HOUR)
    expect(await job.snapshot()).toMatchObject({ state: 'paused', reason: 'insufficient_balance', calls: { begun: 0 } })
    balances = memoryAccounts({ acme: 5000 })
    await job.resume()
    await world.clock.advance(HOUR)
    expect((await job.snapshot()).state).toBe('completed')
    expect(await balances.balance('acme')).toEqual({ available: 4400, reserved: 0 })
    await world.end(engine)
  })

  it('is booked by whoever runs next when the process died that ended it, and before it is deleted', async () => {
    const accounts = memoryAccounts({ acme: 10_000 })
    const world = bench(accounts)
    const first = await world.started()
    const job = await first.calls.create(options(world, { budget: { total: 3000 } }))
    await world.clock.advance(MINUTE)
    await job.cancel()
    await first.abandon()
    expect((await accounts.balance('acme'))?.reserved).toBe(3000)
    const second = await world.started()
    await world.clock.advance(2 * HOUR)
    const { available, reserved } = (await accounts.balance('acme')) as { available: number; reserved: number }
    expect([reserved, (10_000 - available) % 30]).toEqual([0, 0])
    await (await second.calls.get(job.id))?.delete()
    expect((await accounts.balance('acme'))?.available).toBe(available)
    await world.end(second)
  })
})

describe('an engine that stops', () => {
  it('waits for an account that is about to book what a dead process has left', async () => {
    const balances = memoryAccounts({ acme: 10_000 })
    let slow = false
    const world: Bench = bench({
      balance: (account) => balances.balance(account),
      reserve: (...given) => balances.reserve(...given),
      release: (...given) => balances.release(...given),
      commit: async (...given) => {
        if (slow) await new Promise<void>((resolve) => void world.clock.setTimeout(resolve, 2 * SECOND))
        return balances.commit(...given)
      },
    })
    const first = await world.started()
    const job = await first.calls.create(options(world, { budget: { total: 3000 } }))
    await world.clock.advance(MINUTE)
    await job.cancel()
    await first.abandon()
    const other = plain(world)
    await other.start()
    await world.clock.advance(HOUR)
    await other.abandon()
    slow = true
    const engine = await world.started()
    const failures: unknown[] = []
    engine.on('account.failed', ({ error }) => failures.push(failed(error)))
    await world.clock.advance(SECOND)
    expect((await balances.balance('acme'))?.reserved).toBe(3000)
    await world.end(engine)
    expect((await balances.balance('acme'))?.reserved).toBe(0)
    expect(failures).toEqual([])
  })
})

describe('accounts that fail and lose answers', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('book what was spent, once, and keep nothing set aside (seed %i)', async (seed) => {
    const random = seededRandom(seed)
    const balances = memoryAccounts({ acme: 10_000 })
    const broken = { now: true }
    /** Fails before or after it was done. */
    const flaky = async <T>(act: () => Promise<T>): Promise<T> => {
      const draw = broken.now ? random.next() : 1
      if (draw < 0.25) throw new Error('the bank is closed')
      const answer = await act()
      if (draw < 0.5) throw new Error('the line went dead')
      return answer
    }
    const world = bench({
      balance: (...given) => flaky(() => balances.balance(...given)),
      reserve: (...given) => flaky(() => balances.reserve(...given)),
      commit: (...given) => flaky(() => balances.commit(...given)),
      release: (...given) => flaky(() => balances.release(...given)),
    })
    let engine = await world.started()
    const job = await engine.calls.create(options(world, { start: 'draft', reserve: 1000, budget: { total: 2500 } }))
    for (let tries = 0; (await job.snapshot()).state === 'draft' && tries < 50; tries++) {
      expect(await job.start().then(() => 'started', failed)).toMatch(/started|account_unavailable/)
    }
    await world.clock.advance(2 * MINUTE)
    await engine.abandon()
    engine = await world.started()
    await world.clock.advance(3 * HOUR)
    broken.now = false
    await world.clock.advance(2 * HOUR)
    const after = await (await engine.calls.get(job.id))?.snapshot()
    expect(after?.state).toBe('completed')
    let spent = 0
    for await (const { calls } of job.tasks()) for (const call of calls) spent += call.booked ?? 0
    expect(await balances.balance('acme')).toEqual({ available: 10_000 - Math.ceil(spent), reserved: 0 })
    await world.end(engine)
  })
})
