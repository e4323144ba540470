import { afterEach, describe, expect, test } from 'vitest'
import type { SimulatedInventoryOptions } from '../../../simulation/src/index.js'
import type { Engine, OperationJob, Resource, ResourceBackend } from '../../src/index.js'
import { all, changes, heard, phones, type World, world } from './support/bench.js'

let here: World
let engine: Engine
const common = { organization: 'acme', type: 'phonenumber', start: 'now' } as const
const MINUTE = 60_000

function open(options: SimulatedInventoryOptions): void {
  here = world({ numbers: { acme: phones(10) }, concurrency: 4, ...options })
  engine = here.engine()
}
const update = (changes: object = {}) =>
  engine.operations.create({
    ...common,
    name: 'Tag',
    method: 'update',
    entries: phones(10),
    data: { a: 1 },
    ...changes,
  })
const remove = (changes: object = {}) =>
  engine.operations.create({ ...common, name: 'Drop', method: 'delete', entries: phones(10), ...changes })
const buy = (count: number, changes: object = {}) =>
  engine.operations.create({
    ...common,
    name: 'Buy',
    method: 'create',
    data: Array.from({ length: count }, (_, n) => ({ n })),
    ...changes,
  })
const statuses = async (job: OperationJob) =>
  (await all(job.items())).map(({ operations }) => operations.map(({ status }) => status).join(' '))

afterEach(async () => {
  await engine.stop()
  expect(here.clock.timers()).toEqual([])
})

describe('a back end that is busy', () => {
  test('throttling burns no attempt, however often it comes', async () => {
    open({ cps: 1, latency: [10, 20] })
    const events = heard(engine, 'carrier.failed', 'operation.unknown')
    const job = await update({ attempts: 1 })
    await engine.start()
    expect(await job.finished()).toMatchObject({
      state: 'completed',
      tasks: { succeeded: 10 },
      byOutcome: { done: 10 },
    })
    const throttled = here.inventory.ledger.counts().throttled ?? 0
    expect(throttled).toBeGreaterThan(5)
    expect(events).toHaveLength(throttled)
    expect(events[0]).toMatchObject({ name: 'carrier.failed', route: 'resources:phonenumber', reason: 'throttled' })
    expect((await statuses(job)).every((text) => /^(throttled )*done$/.test(text))).toBe(true)
  })

  test('an outage is waited out', async () => {
    open({})
    const { now } = here.clock
    const until = now() + 30 * MINUTE
    here.inventory.setFaults({ unavailable: (_, at) => at < until })
    const job = await remove({ attempts: 1 })
    await engine.start()
    await here.wait(10 * MINUTE)
    expect(await job.snapshot()).toMatchObject({ state: 'running', tasks: { waiting: 10, failed: 0 } })
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 10 } })
    expect(now()).toBeLessThan(until + 10 * MINUTE)
    const { deleted, unavailable = 0 } = here.inventory.ledger.counts()
    expect(deleted).toBe(10)
    // Asked less and less often: not more than every five minutes in the end.
    expect(unavailable / 10).toBeLessThan(16)
  })

  test('many items in an outage are not many requests', async () => {
    open({ numbers: { acme: phones(500) } })
    const until = here.clock.now() + 60 * MINUTE
    here.inventory.setFaults({ unavailable: (_, at) => at < until })
    const job = await update({ entries: phones(500) })
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 500 } })
    const { updated, unavailable = 0 } = here.inventory.ledger.counts()
    expect(updated).toBe(500)
    expect(unavailable).toBeLessThan(100)
    // The end of the outage is noticed by the next probe.
    expect(here.clock.now()).toBeLessThan(until + 8 * MINUTE)
  })

  test('is not asked again before it said', async () => {
    open({})
    const asked: number[] = []
    const busy: ResourceBackend = {
      ...here.inventory,
      async update(...args) {
        asked.push(here.clock.now())
        return asked.length < 3 ? { status: 'throttled', retryAfter: 20 * MINUTE } : here.inventory.update(...args)
      },
    }
    engine = here.engine({ resources: [busy] })
    const job = await update({ entries: phones(1) })
    await engine.start()
    await job.finished()
    const pauses = asked.slice(1).map((at, i) => at - (asked[i] as number))
    expect(pauses).toHaveLength(2)
    for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(20 * MINUTE)
  })

  test('an outage ends at the expiry at the latest', async () => {
    open({ faults: { unavailable: 1 } })
    const job = await update({ expires: here.clock.now() + 10 * MINUTE })
    await engine.start()
    expect(await job.finished()).toMatchObject({ state: 'expired', tasks: { expired: 10 } })
  })
})

describe('an answer that is lost', () => {
  test('after updating: it is done again as the same attempt', async () => {
    open({ faults: { timeoutApplied: ({ time }) => time === 1 } })
    const events = heard(engine, 'operation.unknown', 'operation.ended')
    const job = await update()
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 10 }, calls: { begun: 10, placed: 10 } })
    expect(changes(here.inventory)).toEqual({ updated: 20 })
    expect(await statuses(job)).toEqual(Array(10).fill('done'))
    expect(events.filter(({ name }) => name === 'operation.unknown')).toHaveLength(10)
    expect(events.filter(({ name }) => name === 'operation.ended')).toHaveLength(10)
  })

  test('every time: nobody can say, and the item says so', async () => {
    open({ faults: { timeoutNotApplied: 1 } })
    const job = await update({ attempts: 3 })
    await engine.start()
    const done = await job.finished()
    expect(done).toMatchObject({ state: 'completed', tasks: { failed: 10 }, reasons: { 'failed/outcome_unknown': 10 } })
    expect(changes(here.inventory)).toEqual({ lost: 30 })
    expect(await job.item(0)).toMatchObject({
      reason: 'outcome_unknown',
      operations: [{ status: 'unknown', attempt: 1 }],
    })
  })

  test('silence is a time-out, and an exception is none of ours', async () => {
    open({
      faults: { timeoutApplied: ({ time }) => time === 1, silent: ({ entry }) => entry !== phones(1)[0], throws: 1 },
    })
    const events = heard(engine, 'operation.unknown')
    const job = await remove()
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 10 } })
    expect(events.map(({ message }) => message).sort()).toEqual([
      'Error: simulated fault: the connection was reset',
      ...Array(9).fill('no answer within 30 s'),
    ])
    expect(changes(here.inventory)).toEqual({ deleted: 10, absent: 10 })
  })

  test('after creating: it is found, and not made again', async () => {
    open({ latency: [10, 500], lag: [0, 20_000], faults: { timeoutApplied: 0.5, silent: 0.3 } })
    const job = await buy(30)
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 30 }, calls: { begun: 30, placed: 30 } })
    expect(here.inventory.numbers('acme')).toHaveLength(40)
    expect(here.inventory.ledger.createdTwice()).toEqual([])
    // Each says which number is its own.
    const ids = (await all(job.items())).map(({ resource }) => resource?.id)
    expect(new Set(ids)).toEqual(
      new Set(
        here.inventory
          .numbers('acme')
          .slice(10)
          .map(({ id }) => id),
      ),
    )
  })

  test('before creating: it is proven first, and then made', async () => {
    open({ lag: [0, 20_000], faults: { timeoutNotApplied: ({ time }) => time % 2 === 1 } })
    const job = await buy(6)
    await engine.start()
    await here.wait(30_000)
    // Nothing is proven before it would have been seen.
    expect((await job.snapshot()).tasks.unknown).toBeGreaterThan(0)
    expect(changes(here.inventory)).not.toHaveProperty('created')
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 6 } })
    expect(here.inventory.ledger.createdTwice()).toEqual([])
    expect((await statuses(job)).filter((text) => text === 'not_applied done')).toHaveLength(6)
  })

  test('while creating: a request that is slow to arrive is waited for', async () => {
    // As the back end says it, a number can be seen at once; nobody can say when a lost request arrives.
    open({ createVisibility: 0, faults: { timeoutApplied: 1, transit: [15_000, 25_000] } })
    const job = await buy(6)
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 6 } })
    expect(changes(here.inventory)).toMatchObject({ created: 6 })
  })

  test('before creating, every time: the attempts run out', async () => {
    open({ faults: { timeoutNotApplied: 1 } })
    const job = await buy(2, { attempts: 2 })
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { failed: 2 }, reasons: { 'failed/attempts_exhausted': 2 } })
    expect(changes(here.inventory)).toMatchObject({ lost: 4 })
    expect(await statuses(job)).toEqual(['not_applied not_applied', 'not_applied not_applied'])
  })

  test('after creating, and the search fails for an hour: it is asked again', async () => {
    open({})
    const until = here.clock.now() + 60 * MINUTE
    here.inventory.setFaults({ timeoutApplied: 1, findFails: (_, at) => at < until })
    const events = heard(engine, 'carrier.failed')
    const job = await buy(2)
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 2 } })
    expect(here.clock.now()).toBeGreaterThanOrEqual(until)
    expect(events[0]).toMatchObject({ reason: 'lookup' })
    expect(here.inventory.ledger.createdTwice()).toEqual([])
  })

  test('after creating, and the search fails for ever: nobody knows, and it is not made again', async () => {
    open({ faults: { timeoutApplied: 1, findFails: 1 } })
    const job = await buy(2)
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { failed: 2 }, reasons: { 'failed/outcome_unknown': 2 } })
    expect(changes(here.inventory)).toMatchObject({ created: 2 })
  })

  test('of a back end that cannot look for creations: a late answer counts, else nobody knows', async () => {
    open({ createVisibility: false, faults: { timeoutApplied: 1 } })
    const late: ResourceBackend = {
      ...here.inventory,
      async create(data, context) {
        const resource: Resource = { id: context.ref, fields: data }
        await here.wait(data.n === 0 ? 45_000 : 10 * MINUTE)
        return { status: 'done', resource }
      },
    }
    engine = here.engine({ resources: [late] })
    const job = await buy(2)
    await engine.start()
    const done = await job.finished()
    expect(done).toMatchObject({ tasks: { succeeded: 1, failed: 1 }, reasons: { 'failed/outcome_unknown': 1 } })
    expect(await job.item(0)).toMatchObject({ state: 'succeeded', resource: { fields: {} } })
    await here.wait(10 * MINUTE)
    expect(await job.snapshot()).toEqual(done)
  })
})

describe('control of what is in doubt', () => {
  test('a canceled job repeats nothing: it looks', async () => {
    const [applied = '', lost = ''] = phones(2)
    open({
      faults: { timeoutApplied: ({ entry }) => entry === applied, timeoutNotApplied: ({ entry }) => entry === lost },
    })
    for (const make of [update, remove]) {
      const job = await make({ entries: [applied, lost], attempts: 100 })
      await engine.start()
      await here.wait(1000)
      const before = here.inventory.ledger.counts()
      expect(await job.cancel()).toMatchObject({ state: 'canceling', tasks: { unknown: 2 } })
      expect(await job.finished()).toMatchObject({ state: 'canceled', tasks: { succeeded: 1, failed: 1 } })
      expect(await job.item(0)).toMatchObject({ state: 'succeeded' })
      expect(await job.item(1)).toMatchObject({ state: 'failed', reason: 'outcome_unknown' })
      const { found: _, notFound: __, ...after } = here.inventory.ledger.counts()
      expect(before).toMatchObject(after)
    }
  })

  test('a repetition that waits for its turn is none when the job has been canceled meanwhile', async () => {
    const [lost = '', slow = ''] = phones(2)
    open({ concurrency: 1, faults: { timeoutNotApplied: ({ entry }) => entry === lost } })
    const busy: ResourceBackend = {
      ...here.inventory,
      async update(selector, ...rest) {
        const answer = await here.inventory.update(selector, ...rest)
        if (selector.value === slow) await here.wait(20_000)
        return answer
      },
    }
    engine = here.engine({ resources: [busy], limits: { routes: { 'resources:phonenumber': { concurrency: 2 } } } })
    const job = await update({ entries: [lost] })
    const other = await update({ entries: [slow], start: here.clock.now() + 3000 })
    await engine.start()
    await here.wait(10_000)
    expect(await other.snapshot()).toMatchObject({ tasks: { active: 1 } })
    expect(await job.cancel()).toMatchObject({ tasks: { unknown: 1 } })
    expect(await job.finished()).toMatchObject({ state: 'canceled', tasks: { failed: 1 } })
    expect(changes(here.inventory)).toMatchObject({ lost: 1, updated: 1 })
  })

  test('that a repetition was refused says nothing of what was sent before', async () => {
    open({ faults: { timeoutApplied: ({ time }) => time === 1, unavailable: ({ time }) => time > 1 } })
    const job = await update({ attempts: 2 })
    await engine.start()
    await here.wait(5 * MINUTE)
    // However often: what is not done burns nothing, and what may have been done stays in doubt.
    expect(await job.snapshot()).toMatchObject({ state: 'running', tasks: { unknown: 4, waiting: 6 } })
    await job.cancel()
    expect(await job.finished()).toMatchObject({ state: 'canceled', tasks: { succeeded: 4, canceled: 6 } })
    expect(changes(here.inventory)).toMatchObject({ updated: 4 })
  })

  test('a paused job begins nothing, and ends what it has begun', async () => {
    open({ faults: { timeoutNotApplied: ({ time }) => time === 1 } })
    const job = await update()
    await engine.start()
    await here.wait(500)
    await job.pause()
    await here.wait(30 * MINUTE)
    expect(await job.snapshot()).toMatchObject({ state: 'paused', tasks: { succeeded: 4, unknown: 0, waiting: 6 } })
    expect(changes(here.inventory)).toEqual({ lost: 4, updated: 4 })
    await job.resume()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 10 } })
  })

  test('a canceled job finds what it has bought', async () => {
    open({ faults: { timeoutApplied: ({ data }) => data?.n === 0, timeoutNotApplied: ({ data }) => data?.n === 1 } })
    const job = await buy(5, { concurrency: 2 })
    await engine.start()
    await here.wait(1000)
    await job.cancel()
    expect(await job.finished()).toMatchObject({ state: 'canceled', tasks: { succeeded: 1, canceled: 4 } })
    expect(here.inventory.numbers('acme')).toHaveLength(11)
  })
})

describe('a start that comes too late', () => {
  test('is none: nothing is sent, and nothing is burned', async () => {
    open({})
    let slow = 0
    const storage = new Proxy(here.storage, {
      get(target, name) {
        const member = Reflect.get(target, name) as unknown
        if (typeof member !== 'function') return member
        return async (...args: unknown[]) => {
          const reply = await (member.apply(target, args) as Promise<unknown>)
          const { fences = [] } = (name === 'exchange' ? args[0] : {}) as { fences?: unknown[] }
          if (fences.length > 0 && slow++ < 2) await here.wait(3000)
          return reply
        }
      },
    })
    const late: boolean[] = []
    const watched: ResourceBackend = {
      ...here.inventory,
      create: (data, context) => {
        late.push(!context.startable())
        return here.inventory.create(data, context)
      },
    }
    engine = here.engine({ storage, resources: [watched] })
    const job = await buy(8, { attempts: 1 })
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 8 } })
    expect(late).toEqual(Array(8).fill(false))
    expect((await statuses(job)).filter((text) => text.startsWith('not_sent')).length).toBeGreaterThan(0)
  })
})

describe('a back end that breaks its contract', () => {
  test('says too early that a creation is not there: the ledger sees it', async () => {
    // The control of all the tests above: this is what they look for.
    open({ lag: [100_000, 200_000], createVisibility: 0, faults: { timeoutApplied: 0.5 } })
    const job = await buy(20)
    await engine.start()
    await job.finished()
    expect(here.inventory.ledger.createdTwice().length).toBeGreaterThan(0)
  })

  test('answers that are none are no answers, and fields that are no JSON lose nothing', async () => {
    open({})
    const answers = [undefined, { status: 'maybe' }, { status: 'done', resource: { id: 'x', fields: { n: 1n } } }]
    const broken: ResourceBackend = { ...here.inventory, update: async () => (answers.shift() ?? answers[0]) as never }
    engine = here.engine({ resources: [broken] })
    const job = await update({ entries: phones(1) })
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 1 } })
    expect(await job.item(0)).toMatchObject({
      operations: [{ status: 'done', message: expect.stringContaining('not JSON') }],
    })
  })

  test('one that throws at once is as unknown as one that rejects', async () => {
    open({})
    let times = 0
    const broken: ResourceBackend = {
      ...here.inventory,
      delete: (...args) => {
        if (times++ === 0) throw new TypeError('no')
        return here.inventory.delete(...args)
      },
    }
    engine = here.engine({ resources: [broken] })
    const job = await remove()
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 10 } })
  })
})
