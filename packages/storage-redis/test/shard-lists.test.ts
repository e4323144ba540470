import type { ListedMember } from '@outdial/core'
import { expect, it } from 'vitest'
import { filledJob } from '../../conformance/src/support/jobs.js'
import { closed, Worker } from '../../conformance/src/support/worker.js'
import { JobPlaces } from '../src/shards/job-places.js'
import { host, storeOn } from './support/store-on.js'

const SHARDS = 3

/** A store in three shards, with a job of an organization in each. */
async function threeShards() {
  const made = await storeOn([], { shards: SHARDS })
  const { storage } = made
  await storage.open(host)
  const places = new JobPlaces(Array.from({ length: SHARDS }) as never)
  const organizations: string[] = []
  for (let i = 0; organizations.filter(() => true).length < SHARDS; i++) {
    const shard = places.shardOf(`org${i}`)
    if (organizations[shard] === undefined) organizations[shard] = `org${i}`
  }
  for (const [shard, organization] of organizations.entries()) {
    await filledJob(storage, { id: `j${shard}`, organization, route: `r${shard}` }, 10)
  }
  const worker = new Worker(storage, 'w')
  return { ...made, worker, organizations }
}

it('should find whom reports have listed where their organization is, and remove them everywhere', async () => {
  const { storage, worker, client } = await threeShards()
  const until = Date.now() + 600_000
  await storage.setList('l', { add: ['a', { member: 'b', until }] })
  await worker.report(
    closed(await worker.call('r1'), {
      enlist: [
        { list: 'l', member: 'c', reason: 'r' },
        { list: 'l', member: 'b' },
      ],
    }),
  )
  expect(await client.sismember('{outdial:1}:list:l', 'c')).toBe(1)
  expect(await client.exists('{outdial:0}:list:l', '{outdial:2}:list:l')).toBe(1 + 0 + 1)
  expect(await client.sismember('{outdial:2}:list:l', 'c')).toBe(0)

  expect(await storage.getList('l', ['a', 'b', 'c', 'd'])).toEqual({
    size: 3,
    members: [{ member: 'a' }, { member: 'b' }, { member: 'c', reason: 'r' }, undefined],
  })
  const scanned: ListedMember[] = []
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = await storage.scanList('l', { max: 1, ...(cursor !== undefined && { cursor }) })
    scanned.push(...page.items)
    cursor = page.cursor
  }
  expect(scanned.map(({ member }) => member).sort()).toEqual(['a', 'b', 'c'])

  expect(await storage.setList('l', { remove: ['c'] })).toEqual({ size: 2 })
  expect((await storage.getList('l', ['c'])).members).toEqual([undefined])
})

it('should keep the reason that somebody was listed for first, in whichever shard', async () => {
  const { storage, worker } = await threeShards()
  for (const shard of [0, 1, 2]) {
    const list = `l${shard}`
    await worker.report(closed(await worker.call(`r${shard}`), { enlist: [{ list, member: 'a', reason: 'opt_out' }] }))
    await storage.setList(list, { add: [{ member: 'a', reason: 'register' }] })
    expect((await storage.getList(list, ['a'])).members).toEqual([{ member: 'a', reason: 'opt_out' }])
  }
})

it('should hand out the entries of all shards, and forget those of a page in each', async () => {
  const { storage, worker, client } = await threeShards()
  for (const route of ['r0', 'r1', 'r2']) {
    for (const data of ['first', 'second']) await worker.report(closed(await worker.call(route), { ledger: data }))
  }
  const one = await storage.takeLedger({ max: 4, leaseMs: 60_000 })
  const two = await storage.takeLedger({ max: 4, leaseMs: 60_000 })
  expect([one.entries.length, two.entries.length]).toEqual([4, 2])
  for (const id of ['j0', 'j1', 'j2']) {
    const own = [...one.entries, ...two.entries].filter(({ jobId }) => jobId === id)
    expect(own.map(({ data }) => data)).toEqual(['first', 'second'])
  }
  await storage.acknowledgeLedger(one.page ?? '')
  await storage.acknowledgeLedger(two.page ?? '')
  expect(await client.exists(...[0, 1, 2].map((shard) => `{outdial:${shard}}:ledger`))).toBe(0)
  await storage.acknowledgeLedger('nonsense')
})

it('should say what all shards together hold of a limit that they share', async () => {
  const { storage, worker, organizations } = await threeShards()
  await storage.setLimits([
    { key: 'slots:everything', revision: 3, slots: 4 },
    { key: 'rate:everything', revision: 1, rate: 10, burst: 5 },
    { key: 'cap', revision: 1, cap: 2, windowMs: 60_000 },
  ])
  const cap = { key: `cap:${organizations[1]}:x`, limit: 'cap', n: 1 }
  const refs = [await worker.call('r0'), await worker.call('r1', { all: [cap] }), await worker.call('r2')]
  const shown = () => storage.usage([{ key: 'slots:everything' }, { key: 'rate:everything' }, cap])
  expect(await shown()).toMatchObject([
    { rule: { slots: 4 }, revision: 3, held: 3 },
    { rule: { rate: 10, burst: 5 } },
    { rule: { cap: 2, windowMs: 60_000 }, counted: 1 },
  ])
  refs.push(await worker.call('r1', { all: [cap] }))
  const [slots, rate, counted] = await shown()
  expect(slots).toMatchObject({ held: 4, freeAt: Number.POSITIVE_INFINITY })
  expect(rate?.freeAt).toBeLessThan(Date.now() + 60_000)
  expect(counted).toMatchObject({ counted: 2 })
  expect(counted?.freeAt).toBeGreaterThan(Date.now())
  await worker.report(...refs.map((ref) => closed(ref)))
  expect((await shown())[0]).toMatchObject({ held: 0 })
})
