import type { Gate } from '@outdial/core'
import { expect, it } from 'vitest'
import { RedisStorage } from '../src/redis-storage.js'
import { type Share, type ShareHolder, Shares } from '../src/shards/shares.js'
import { host, storeOn } from './support/store-on.js'

const KEY = 'slots:everything'
const GATES: Gate[] = [{ blocks: 'route', slots: KEY, rate: 'rate:everything' }]
const LATER = Date.now() + 600_000

/** Shards with a shared limit of three slots. */
async function shardsOf(count: number): Promise<{ shards: RedisStorage[]; first: RedisStorage; shares: Shares }> {
  const { client } = await storeOn([])
  const shards = Array.from({ length: count }, (_, i) => new RedisStorage({ client, prefix: `shard${i}` }))
  for (const shard of shards) await shard.open(host)
  const shares = new Shares(shards)
  await shares.enter('r1', GATES)
  await shares.set([{ key: KEY, revision: 1, slots: 3 }])
  return { shards, first: shards[0] as RedisStorage, shares }
}

/** The same for a process that is gone after so many steps. */
function goneAfter(shards: readonly RedisStorage[], steps: number): Shares {
  let left = steps
  const holder = (shard: RedisStorage): ShareHolder => ({
    share: async (...asked) => {
      if (left-- <= 0) throw new Error('gone')
      return shard.share(...asked)
    },
  })
  return new Shares(shards.map(holder))
}

const shown = async (shard: RedisStorage) =>
  ((await shard.share({ op: 'show', key: KEY }, { safe: false })) as unknown as Share[])[0]

async function rulesOf(shards: readonly RedisStorage[]): Promise<unknown[]> {
  return Promise.all(shards.map(async (shard) => (await shard.usage([{ key: KEY }]))[0]?.rule))
}

it('should close a limit everywhere whose closing reached one shard alone, while another change of it was settling', async () => {
  const { shards, first, shares } = await shardsOf(3)
  await expect(goneAfter(shards, 1).set([{ key: KEY, revision: 2, slots: 2 }])).rejects.toThrow('gone')
  await expect(goneAfter(shards, 1).set([{ key: KEY, revision: 3, closedUntil: LATER }])).rejects.toThrow('gone')
  expect(await shown(first)).toMatchObject({ kind: 'closed', until: LATER, closed: true })

  expect(await shares.prepare(0, ['r1'], 1)).toBe(false)
  expect(await rulesOf(shards)).toEqual(shards.map(() => ({ closedUntil: LATER })))

  await shares.set([{ key: KEY, revision: 4, slots: 5 }])
  const after = await Promise.all(shards.map(shown))
  expect(after.map((share) => share?.closed)).toEqual([false, false, false])
  expect(after.reduce((sum, share) => sum + (share?.slots ?? 0), 0)).toBe(5)
})

it('should keep a changed limit closed until all shards have that change, whoever opens an older one', async () => {
  const { shards, first, shares } = await shardsOf(2)
  await expect(goneAfter(shards, 1).set([{ key: KEY, revision: 2, slots: 2 }])).rejects.toThrow('gone')
  await first.share({ op: 'open', key: KEY, revision: 1 }, { safe: false })
  expect(await shown(first)).toMatchObject({ revision: 2, closed: true, slots: 2 })
  // Nothing new is admitted: no slot counts before it is open.
  expect(await rulesOf(shards)).toEqual([{ slots: 0 }, { slots: 0 }])
  // The same change again answers that it is still closed, and settles it.
  await shares.set([{ key: KEY, revision: 2, slots: 2 }])
  expect(await shown(first)).toMatchObject({ revision: 2, closed: false, slots: 2 })
  expect(await rulesOf(shards)).toEqual([{ slots: 2 }, { slots: 0 }])
})
