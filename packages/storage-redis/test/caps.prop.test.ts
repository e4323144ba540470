import type { Fence, Fenced, Hold, Storage, Usage } from '@outdial/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { filledJob } from '../../conformance/src/support/jobs.js'
import { type ManualClock, manualClock } from '../../conformance/src/support/manual-clock.js'
import { closed, fenceOf, refOf, Worker } from '../../conformance/src/support/worker.js'
import { memoryStorage } from '../../outdial/src/index.js'
import { RedisStorage } from '../src/redis-storage.js'
import { GIVEN_CLOCK } from './support/given-clock.lua.js'
import { redisServer } from './support/redis-server.js'
import { host, storeOn } from './support/store-on.js'

const WINDOW = 100_000
const LONG = 300_000
/** Tasks a job has: more than any run fences. */
const TASKS = 3000
/** Rules on one key: two of the same window, and one of a longer one. */
const RULES = { few: WINDOW, many: WINDOW, long: LONG } as const
type Rule = keyof typeof RULES
const USAGES = (['person', 'number'] as const).flatMap((key) => Object.keys(RULES).map((limit) => ({ key, limit })))
/** Where they say what the number has by the second rule. */
const NUMBER_MANY = 4

const rule = fc.constantFrom<Rule>('few', 'many', 'long')
const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('fence' as const),
      // Starts of the second job are paced: they are stamped a little later than those of the first that come after them.
      job: fc.constantFrom('a', 'b'),
      count: fc.constantFrom(1, 2, 8, 32),
      times: fc.constantFrom(1, 1, 6),
      holds: fc.array(
        fc.record({ key: fc.constantFrom('person', 'number', 'number'), rule, n: fc.constantFrom(1, 1, 3) }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      from: fc.nat(),
      count: fc.constantFrom(1, 3, 32),
      placed: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 7, 1000, 40_000, WINDOW - 1, WINDOW, LONG),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('limit' as const), rule, cap: fc.constantFrom(0, 1, 5, 70, 600, 5000) }),
  },
)
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never

/** What is told of a fence, but for the nonce. */
function told(fenced: Fenced): unknown {
  return fenced.status === 'fenced' ? { ...fenced, ref: fenced.ref.replace(/:[^:]*$/, '') } : fenced
}

/** A store with two jobs, and what a worker does with it. */
class Side {
  readonly #storage: Storage
  readonly #workers: Record<'a' | 'b', Worker>
  #refs: string[] = []
  #revision = 1

  constructor(storage: Storage) {
    this.#storage = storage
    this.#workers = { a: new Worker(storage, 'a'), b: new Worker(storage, 'b') }
  }

  async begin(clock: ManualClock): Promise<void> {
    await this.#storage.open({ ...host, clock })
    await filledJob(this.#storage, { id: 'a', route: 'a' }, TASKS)
    await filledJob(
      this.#storage,
      { id: 'b', route: 'b', limits: [{ key: 'rate:b', revision: 1, rate: 2000, burst: 3 }] },
      TASKS,
    )
    await this.limit('few', 5)
    await this.limit('many', 600)
    await this.limit('long', 5000)
  }

  limit(key: Rule, cap: number): Promise<void> {
    return this.#storage.setLimits([{ key, revision: ++this.#revision, cap, windowMs: RULES[key] }])
  }

  async fence(job: 'a' | 'b', count: number, all: Hold[]): Promise<unknown> {
    const worker = this.#workers[job]
    const { tasks } = await worker.claim(count, { route: job, leaseMs: 1_000_000 })
    const fences: Fence[] = tasks.map(({ claim }) => fenceOf(claim, { all, checkAfter: 1e9 }))
    const reply = await worker.exchange({ fences })
    this.#refs.push(...reply.fences.flatMap((fenced) => (fenced.status === 'fenced' ? fenced.ref : [])))
    return reply.fences.map(told)
  }

  end(from: number, count: number, placed: boolean): Promise<unknown> {
    const start = this.#refs.length === 0 ? 0 : from % this.#refs.length
    return this.#workers.a.report(...this.#refs.splice(start, count).map((ref) => closed(ref, { placed })))
  }

  usage(): Promise<Usage[]> {
    return this.#storage.usage(USAGES)
  }

  async do(command: Command): Promise<unknown> {
    if (command.do === 'end') return this.end(command.from, command.count, command.placed)
    if (command.do === 'limit') return this.limit(command.rule, command.cap)
    if (command.do === 'wait') return undefined
    const answers: unknown[] = []
    const all = command.holds.map(({ key, rule: limit, n }) => ({ key, limit, n }))
    for (let i = 0; i < command.times; i++) answers.push(await this.fence(command.job, command.count, all))
    return answers
  }
}

it('counts under caps what the memory store counts, with few stamps and with many', { timeout: 180_000 }, async () => {
  const server = await redisServer()
  const client = server.client()
  let stores = 0
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 25 }), async (commands) => {
        const clock = manualClock()
        const redis = new RedisStorage({ client, prefix: `caps-${stores++}` }, { givenClock: GIVEN_CLOCK })
        const sides = [new Side(memoryStorage()), new Side(redis)] as const
        for (const side of sides) await side.begin(clock)
        for (const one of commands) {
          if (one.do === 'wait') await clock.advance(one.ms)
          const [expected, seen] = [await sides[0].do(one), await sides[1].do(one)]
          expect(seen).toEqual(expected)
          expect(await sides[1].usage()).toEqual(await sides[0].usage())
        }
        await redis.close()
      }),
      { numRuns: 40 },
    )
  } finally {
    client.disconnect()
  }
})

it('counts a start before many that were granted for a little later, and has room when the window is over', async () => {
  const client = (await redisServer()).client()
  const redis = new RedisStorage({ client, prefix: 'early' }, { givenClock: GIVEN_CLOCK })
  const clock = manualClock()
  const sides = [new Side(memoryStorage()), new Side(redis)] as const
  const number = { key: 'number', limit: 'many', n: 3 }
  for (const side of sides) {
    await side.begin(clock)
    await side.fence('b', 32, [number])
    await side.fence('a', 1, [{ ...number, n: 1 }])
  }
  // Each names another stamp as the one that has to pass.
  for (const cap of [97, 96, 90, 60, 30, 1]) {
    for (const side of sides) await side.limit('many', cap)
    expect(await sides[1].usage()).toEqual(await sides[0].usage())
  }
  await clock.advance(WINDOW)
  const seen = [await sides[0].fence('a', 2, [number]), await sides[1].fence('a', 2, [number])]
  expect(seen[1]).toEqual(seen[0])
  const [{ counted = 0 } = {}] = (await sides[0].usage()).slice(NUMBER_MANY)
  expect(counted).toBeLessThan(97)
  for (const side of sides) await side.limit('many', counted + 1)
  const room = [{ ...number, n: 1 }]
  expect([await sides[0].fence('a', 2, room), await sides[1].fence('a', 2, room)]).toMatchObject([
    [{ status: 'fenced' }, { status: 'refused' }],
    [{ status: 'fenced' }, { status: 'refused' }],
  ])
  await redis.close()
  client.disconnect()
})

it('keeps few stamps of a number beside each other, whatever its calls, and has the others expire', async () => {
  const { client, storage } = await storeOn([])
  await storage.open(host)
  await filledJob(storage, { id: 'a' }, 700)
  await storage.setLimits([{ key: 'day', revision: 1, cap: 690, windowMs: 86_400_000 }])
  const worker = new Worker(storage, 'w')
  const refs: string[] = []
  const starts: number[] = []
  const all = [{ key: 'number', limit: 'day', n: 1 }]
  for (let i = 0; i < 23; i++) {
    const { tasks } = await worker.claim(30)
    const { fences } = await worker.exchange({ fences: tasks.map(({ claim }) => fenceOf(claim, { all })) })
    for (const fenced of fences) {
      refs.push(refOf(fenced))
      if (fenced.status === 'fenced') starts.push(fenced.startAt)
    }
  }

  const [row] = await client.keys('{outdial}:caps:86400000:*')
  expect(await client.hstrlen(row as string, 'number')).toBeLessThan(600)
  const blocks = await client.keys('{outdial}:stamps:86400000:*')
  expect(blocks).toHaveLength(2)
  for (const block of blocks) expect(await client.pttl(block)).toBeGreaterThan(86_000_000)
  const [usage] = await storage.usage([{ key: 'number', limit: 'day' }])
  expect(usage).toMatchObject({ counted: 690 })
  const { tasks } = await worker.claim(1)
  const fence = () => worker.fence(tasks[0]?.claim as string, { all })
  expect(await fence()).toMatchObject({ status: 'refused', reasons: ['day'], retryAt: usage?.freeAt })
  await storage.setLimits([{ key: 'day', revision: 2, cap: 100, windowMs: 86_400_000 }])
  const [lower] = await storage.usage([{ key: 'number', limit: 'day' }])
  expect(lower).toMatchObject({ counted: 690, freeAt: (starts[590] as number) + 86_400_000 })
  await storage.setLimits([{ key: 'day', revision: 3, cap: 690, windowMs: 86_400_000 }])

  // The oldest is taken back, far from the end.
  await worker.report(closed(refs[0] as string, { placed: false }))
  expect(await storage.usage([{ key: 'number', limit: 'day' }])).toMatchObject([{ counted: 689 }])
  expect(await fence()).toMatchObject({ status: 'fenced' })
})
