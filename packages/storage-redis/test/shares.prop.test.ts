import type { Exchange } from '@outdial/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { filledJob } from '../../conformance/src/support/jobs.js'
import { keptOpen } from '../../conformance/src/support/phases.js'
import { realClock } from '../../conformance/src/support/real-clock.js'
import { returned } from '../../conformance/src/support/worker.js'
import { RedisStorage } from '../src/redis-storage.js'
import { JobPlaces } from '../src/shards/job-places.js'
import { ShardedStorage } from '../src/shards/sharded-storage.js'
import type { Share } from '../src/shards/shares.js'
import { redisServer } from './support/redis-server.js'

const SHARDS = 3
const KEY = 'slots:everything'
const host = { clock: realClock, random: { next: () => Math.random() } }
let stores = 0

/** Steps between shards that succeed before the process that takes them is gone: before a step, or right after it. */
type Life = { steps: number; after: boolean } | null

/** Shards of which one process sees only so much. */
function seenBy(shards: readonly RedisStorage[], life: Life): ShardedStorage {
  let left = life?.steps ?? Number.POSITIVE_INFINITY
  const mortal = shards.map(
    (shard) =>
      new Proxy(shard, {
        get(target, name) {
          const value = Reflect.get(target, name, target)
          if (name !== 'share') return typeof value === 'function' ? value.bind(target) : value
          return async (...args: Parameters<RedisStorage['share']>) => {
            if (left <= 0 && !life?.after) throw new Error('gone')
            const answer = await target.share(...args)
            if (left-- <= 0) throw new Error('gone')
            return answer
          }
        },
      }),
  )
  return new ShardedStorage(mortal as unknown as [RedisStorage, ...RedisStorage[]])
}

const life: fc.Arbitrary<Life> = fc.option(fc.record({ steps: fc.nat(14), after: fc.boolean() }), { freq: 2 })
const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant('claim' as const), max: fc.integer({ min: 1, max: 6 }), life }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('return' as const), n: fc.nat(5), life: fc.constant(null) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('limit' as const), slots: fc.nat(12), life }) },
)

it('should make and lose no slot, and exceed no limit, whoever is gone between any two steps', {
  timeout: 120_000,
}, async () => {
  const server = await redisServer()
  const client = server.client()
  const run = async (rounds: (typeof command extends fc.Arbitrary<infer C> ? C : never)[][]) => {
    const prefix = `shares-${stores++}`
    const shards = Array.from({ length: SHARDS }, (_, i) => new RedisStorage({ client, prefix: `${prefix}:${i}` }))
    const whole = seenBy(shards, null)
    await whole.open(host)
    const places = new JobPlaces(shards)
    for (let i = 0, found = new Set<number>(); found.size < SHARDS; i++) {
      if (found.has(places.shardOf(`org${i}`))) continue
      found.add(places.shardOf(`org${i}`))
      await filledJob(whole, { id: `j${i}`, organization: `org${i}`, phase: keptOpen }, 200)
    }
    const shares = async () =>
      (await Promise.all(shards.map((shard) => shard.share({ op: 'show', key: KEY })))).map(
        (told) => (told as unknown as [Share])[0],
      )
    const used = (all: readonly Share[]) => all.reduce((sum, share) => sum + share.used, 0)
    let revision = 0
    let channels = 0
    let held: string[] = []
    /** The highest limit that may be in force: one whose setter is gone may be, or not. */
    let possible = [Number.POSITIVE_INFINITY]
    const exchange = (store: ShardedStorage, part: Partial<Exchange>) =>
      store.exchange({ channel: `c${channels++}`, seq: 1, reports: [], fences: [], claims: [], ...part })
    const claim = async (store: ShardedStorage, max: number) => {
      const { claims } = await exchange(store, { claims: [{ route: 'r1', max, leaseMs: 600_000 }] })
      held.push(...claims.flatMap(({ tasks }) => tasks.map((task) => task.claim)))
    }

    await whole.setLimits([{ key: KEY, revision: ++revision, slots: 4 }])
    possible = [4]
    for (const round of rounds) {
      const before = used(await shares())
      const limits: number[] = []
      let gone = false
      // All of a round at the same time, each by a process of its own.
      await Promise.all(
        round.map(async (one) => {
          const store = seenBy(shards, one.life)
          try {
            if (one.what === 'claim') await claim(store, one.max)
            else if (one.what === 'return') {
              await exchange(store, { reports: held.splice(0, one.n).map((each) => returned(each)) })
            } else {
              limits.push(one.slots)
              await store.setLimits([{ key: KEY, revision: ++revision, slots: one.slots }])
            }
          } catch (error) {
            if (String(error) !== 'Error: gone') throw error
            gone = true
          }
        }),
      )
      const all = await shares()
      if (limits.length > 0) possible = gone || limits.length > 1 ? [...possible, ...limits] : limits
      const onItsWay = all.flatMap(({ sent }, from) =>
        Object.entries(sent).map(([to, n]) => n - (all[Number(to)]?.got[`${from}`] ?? 0)),
      )
      const sum = all.reduce((total, { slots }) => total + slots, 0) + onItsWay.reduce((total, n) => total + n, 0)
      expect(sum).toBe(all[0]?.total)
      expect(onItsWay.every((n) => n >= 0)).toBe(true)
      expect(used(all)).toBeLessThanOrEqual(Math.max(before, ...possible))
    }

    // Whoever comes next finds every slot.
    await whole.setLimits([{ key: KEY, revision: ++revision, slots: 9 }])
    const taken = used(await shares())
    await claim(whole, 30)
    expect(used(await shares())).toBe(Math.max(9, taken))
    held = []
    await whole.close()
  }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(command, { minLength: 1, maxLength: 3 }), { maxLength: 12 }), run),
    {
      numRuns: Number(process.env.MODEL_RUNS ?? 40),
      endOnFailure: false,
    },
  )
  client.disconnect()
})
