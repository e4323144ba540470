import type { Report } from '@outdial/core'
import { expect, it } from 'vitest'
import { filledJob } from '../../conformance/src/support/jobs.js'
import { closed, Worker } from '../../conformance/src/support/worker.js'
import { unpackBlock } from '../src/payload-blocks.js'
import { host, storeOn } from './support/store-on.js'

/** A job with calls that have ended, each with an entry: `0`, `1`, … */
async function ended(count: number, settings: readonly string[] = []) {
  const made = await storeOn(settings)
  const { storage } = made
  await storage.open(host)
  await filledJob(storage, { id: 'a' }, count)
  const worker = new Worker(storage, 'w')
  for (let done = 0; done < count; done += 30) {
    const refs = await worker.dial(Math.min(30, count - done))
    await worker.report(...refs.map((ref, i) => closed(ref, { ledger: `entry ${done + i}` })))
  }
  const take = async (max: number, leaseMs = 60_000) => {
    const { page, entries } = await storage.takeLedger({ max, leaseMs })
    return { page: page ?? '', data: entries.map(({ data }) => data), entries }
  }
  /** Entries that have come and are kept, whatever of them is told. */
  const kept = async () => {
    const parcels = await made.client.zrange('{outdial}:ledger', '0', '-1')
    expect(await made.client.keys('{outdial}:l:*')).toHaveLength(parcels.length)
    return parcels.reduce((sum, parcel) => sum + Number(parcel.split(':')[1]), 0)
  }
  return { ...made, worker, take, kept }
}

it('should forget what is safe as soon as nothing older is left, and nothing before', async () => {
  const { storage, take, kept } = await ended(100)
  const pages = [await take(29), await take(29), await take(29)]
  expect(pages.map(({ data }) => data.length)).toEqual([29, 29, 29])
  await storage.acknowledgeLedger(pages[1]?.page ?? '')
  await storage.acknowledgeLedger(pages[2]?.page ?? '')
  expect(await kept()).toBe(100)
  await storage.acknowledgeLedger(pages[0]?.page ?? '')
  // What came together is kept until all of it is safe: 87 are.
  expect(await kept()).toBe(40)
  const rest = await take(30)
  expect(rest.data).toEqual(Array.from({ length: 13 }, (_, i) => `entry ${87 + i}`))
  await storage.acknowledgeLedger(rest.page)
  expect(await kept()).toBe(0)
  await storage.acknowledgeLedger('what is no page')
})

it('should say of each entry whose it is, and keep it when its job is gone', async () => {
  const { storage, take } = await ended(2)
  await storage.purge('a')
  const { entries } = await take(10)
  expect(entries).toEqual([
    { jobId: 'a', index: 0, data: 'entry 0' },
    { jobId: 'a', index: 1, data: 'entry 1' },
  ])
})

it('should hand out parts of a page whose lease has ended, and none of it twice at a time', async () => {
  const { storage, take } = await ended(5)
  const first = await take(5, 0)
  const [two, three] = [await take(2), await take(10)]
  expect([two.data, three.data]).toEqual([
    ['entry 0', 'entry 1'],
    ['entry 2', 'entry 3', 'entry 4'],
  ])
  expect((await take(10)).data).toEqual([])
  // Whoever had all of it first comes too late to say anything of what others have now.
  await storage.acknowledgeLedger(first.page)
  await storage.acknowledgeLedger(two.page)
  await storage.acknowledgeLedger(three.page)
  expect((await take(10)).data).toEqual([])
})

it('should empty what a redacted task has, also behind many others and while it is handed out', async () => {
  const { client, storage, worker, take } = await ended(700)
  const note = (index: number): Report => ({
    kind: 'note',
    ref: `a:${index}:1:x`,
    id: 'late',
    data: '',
    ledger: `later entry of ${index}`,
  })
  await worker.report(note(650), note(651))
  const before = await take(2)
  await storage.redact('a', 650)
  await storage.redact('a', 1)
  const parcels = await Promise.all((await client.keys('{outdial}:l:*')).map((key) => client.getBuffer(key)))
  const texts = parcels.map((parcel) => unpackBlock(parcel as Buffer).join()).join()
  expect(['650', '651'].map((index) => texts.includes(`later entry of ${index}`))).toEqual([false, true])
  await storage.acknowledgeLedger(before.page)
  const { entries } = await take(1000)
  expect(entries).toHaveLength(700)
  expect(entries.filter(({ data }) => data === '').map(({ index }) => index)).toEqual([650, 650])
})

it('should have the entry and who is listed if it has the end of the call, and none of them otherwise', async () => {
  const { server, storage, worker, kept } = await ended(1, ['--appendonly', 'yes', '--appendfsync', 'always'])
  await filledJob(storage, { id: 'b' }, 5)
  const [one = '', two = ''] = await worker.dial(2)
  const told = (ref: string) =>
    closed(ref, { ledger: 'entry', enlist: [{ list: 'l', member: ref, reason: 'said so' }] })
  await worker.report(told(one))
  await server.restart()
  // What it did not get to hear of is sent again by whoever made it.
  expect(await kept()).toBe(2)
  expect((await storage.getList('l', [one, two])).members).toEqual([{ member: one, reason: 'said so' }, undefined])
  expect(await worker.again()).toMatchObject({ reports: ['applied'] })
  expect(await worker.report(told(one), told(two))).toEqual(['stale', 'applied'])
  expect(await kept()).toBe(3)
  const { entries } = await storage.takeLedger({ max: 10, leaseMs: 1000 })
  expect(entries.map(({ jobId, index }) => `${jobId}:${index}`)).toEqual([
    'a:0',
    ...[one, two].map((ref) => ref.slice(0, 3)),
  ])
})

it('should empty what several redacted tasks have, whose entries came together, at once', async () => {
  const { storage, take } = await ended(30)
  await Promise.all([3, 4, 5, 6].map((index) => storage.redact('a', index)))
  const { entries } = await take(30)
  expect(entries.filter(({ data }) => data === '').map(({ index }) => index)).toEqual([3, 4, 5, 6])
  expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: 30 }, (_, i) => i))
})
