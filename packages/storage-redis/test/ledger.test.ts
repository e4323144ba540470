import type { Report } from '@outdial/core'
import { expect, it } from 'vitest'
import { filledJob } from '../../conformance/src/support/jobs.js'
import { closed, Worker } from '../../conformance/src/support/worker.js'
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
  return { ...made, worker, take, kept: () => made.client.llen('{outdial}:ledger') }
}

it('should forget what is safe as soon as nothing older is left, and nothing before', async () => {
  const { storage, take, kept } = await ended(10)
  const pages = [await take(3), await take(3), await take(3)]
  expect(pages.map(({ data }) => data.length)).toEqual([3, 3, 3])
  await storage.acknowledgeLedger(pages[1]?.page ?? '')
  await storage.acknowledgeLedger(pages[2]?.page ?? '')
  expect(await kept()).toBe(10)
  await storage.acknowledgeLedger(pages[0]?.page ?? '')
  expect(await kept()).toBe(1)
  expect((await take(3)).data).toEqual(['entry 9'])
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
  const texts = (await client.lrange('{outdial}:ledger', 0, -1)).join()
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
})
