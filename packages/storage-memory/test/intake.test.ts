import type { Chunk } from '@outdial/core'
import { describe, expect, it } from 'vitest'
import { queued } from './support/phases.js'
import { addTasks, filledJob, newJob, openStore } from './support/store.js'
import { Worker } from './support/worker.js'

const code = (name: string) => expect.objectContaining({ code: name })
const chunk = (seq: number, keys: readonly string[], lane = 0): Chunk => ({
  seq,
  lane: { lane, name: `lane ${lane}`, priority: lane, open: null },
  tasks: keys.map((key) => ({ key, payload: `payload of ${key}` })),
})

describe('openBatch', () => {
  it('should keep others out while a batch is being added, and for a minute after its last sign of life', async () => {
    const { storage, clock } = await openStore()
    await filledJob(storage, { id: 'a' }, 1)
    await storage.openBatch('a', 'b1', 'k1')
    await clock.advance(59_000)
    await storage.stage('a', 'b1', chunk(0, ['1']))
    await clock.advance(59_999)
    await expect(storage.openBatch('a', 'b2', 'k2')).rejects.toThrow(code('batch_busy'))

    await clock.advance(1)
    expect(await storage.openBatch('a', 'b2', 'k2')).toEqual({ status: 'open' })
    await expect(storage.stage('a', 'b1', chunk(1, ['2']))).rejects.toThrow(code('batch_discarded'))
    await expect(storage.seal('a', 'b1', 1, '')).rejects.toThrow(code('batch_discarded'))
  })

  it('should give way to a batch of the same key at once', async () => {
    const { storage } = await openStore()
    await filledJob(storage, { id: 'a', dedupe: true }, 0)
    await storage.createJob(newJob({ id: 'b', dedupe: true }))
    await storage.openBatch('b', 'b1', 'k')
    await storage.stage('b', 'b1', chunk(0, ['1', '2', '3']))
    await storage.openBatch('b', 'b2', 'k')

    expect(await storage.stage('b', 'b2', chunk(0, ['3', '4']))).toEqual({ first: 0, accepted: 2, duplicates: [] })
    await storage.seal('b', 'b2', 2, 'memo')
    expect(await storage.openBatch('b', 'b3', 'k')).toEqual({
      status: 'sealed',
      batch: 'b2',
      first: 0,
      count: 2,
      memo: 'memo',
    })
    expect((await storage.getTask('b', 0))?.payload).toBe('payload of 3')
  })
})

describe('discard', () => {
  it('should leave no trace of what was staged: no task, and no key that makes others duplicates', async () => {
    const { storage } = await openStore()
    await storage.createJob(newJob({ id: 'a', dedupe: true }))
    await storage.openBatch('a', 'b1', 'k1')
    await storage.stage('a', 'b1', chunk(0, ['1', '2']))
    await storage.seal('a', 'b1', 2, '')
    await storage.openBatch('a', 'b2', 'k2')
    await storage.stage('a', 'b2', chunk(0, ['2', '3', '4'], 1))
    await storage.discard('a', 'b2')
    await storage.openBatch('a', 'b3', 'k3')
    const staged = await storage.stage('a', 'b3', chunk(0, ['4', '1', '5'], 2))
    await storage.seal('a', 'b3', 2, '')

    expect(staged).toEqual({ first: 2, accepted: 2, duplicates: [{ position: 1, of: 0 }] })
    expect(await storage.findTask('a', '3')).toBeUndefined()
    expect(await storage.findTask('a', '4')).toBe(2)
    expect((await storage.scanTasks('a', { max: 10 })).items.map(({ payload, lane }) => [payload, lane])).toEqual([
      ['payload of 1', 0],
      ['payload of 2', 0],
      ['payload of 4', 2],
      ['payload of 5', 2],
    ])
    expect((await storage.getJob('a'))?.lanes.map(({ lane }) => lane)).toEqual([2, 0])
  })

  it('should take a job with it that never had a batch, and its idempotency key', async () => {
    const { storage } = await openStore()
    await storage.createJob(newJob({ id: 'a', idempotencyKey: 'i' }))
    await storage.openBatch('a', 'b1', 'k1')
    await storage.discard('a', 'b1')
    await storage.discard('a', 'b1')

    expect(await storage.createJob(newJob({ id: 'b', idempotencyKey: 'i' }))).toMatchObject({
      replayed: false,
      job: { id: 'b' },
    })
  })
})

describe('seal', () => {
  it('should hide everything until it is there, and show all of it then', async () => {
    const { storage } = await openStore()
    const worker = new Worker(storage, 'w')
    await storage.createJob(newJob({ id: 'a' }))
    await storage.openBatch('a', 'b', 'k')
    for (let seq = 0; seq < 3; seq++) await storage.stage('a', 'b', chunk(seq, ['1', '2'], seq % 2))

    expect(await storage.getJob('a')).toBeUndefined()
    expect((await storage.listJobs({ max: 10 })).items).toEqual([])
    expect((await worker.claim(10)).tasks).toEqual([])
    await expect(storage.seal('a', 'b', 5, '')).rejects.toThrow(code('batch_incomplete'))
    await storage.seal('a', 'b', 6, '')

    const { tasks } = await worker.claim(10)
    expect(tasks.map(({ index }) => index)).toEqual([2, 3, 0, 1, 4, 5])
  })

  it('should let what was to come later come later, by its own time', async () => {
    const { storage, clock } = await openStore()
    const worker = new Worker(storage, 'w')
    await storage.createJob(newJob({ id: 'a', phase: queued }))
    await storage.openBatch('a', 'b', 'k')
    const later = { payload: 'later', notBefore: clock.now() + 5000 }
    await storage.stage('a', 'b', { ...chunk(0, []), tasks: [later, { payload: 'now' }, later] })
    await storage.seal('a', 'b', 3, '')

    const { tasks, wakeAt } = await worker.claim(10, { leaseMs: 60_000 })
    expect(tasks.map(({ payload }) => payload)).toEqual(['now'])
    expect(wakeAt).toBe(later.notBefore)
    await clock.advance(5000)
    expect((await worker.claim(10)).tasks.map(({ payload }) => payload)).toEqual(['later', 'later'])
  })

  it('should let a running job grow', async () => {
    const { storage } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(storage, { id: 'a' }, 3)
    expect(await worker.dial(10)).toHaveLength(3)
    await addTasks(storage, 'a', 4, 'more')

    expect((await worker.claim(10)).tasks.map(({ index }) => index)).toEqual([3, 4, 5, 6])
  })
})
