import type { NewJob, Storage } from '@outdial/core'
import { expect, it } from 'vitest'
import { addTasks, newJob } from '../../conformance/src/support/jobs.js'
import { fenceOf, Worker } from '../../conformance/src/support/worker.js'
import type { RedisClient } from '../src/index.js'
import { code, host, storeAt, storeOn } from './support/store-on.js'

const money = { key: 'money:a', revision: 1, money: 100 }
const job: NewJob = { ...newJob({ id: 'a', organization: 'acme' }), idempotencyKey: 'k', fingerprint: 'f' }

/** A client that is cut off after so many commands. */
function cutAfter(client: RedisClient, commands: number): RedisClient {
  let left = commands
  const callBuffer: RedisClient['callBuffer'] = async (...args) => {
    if (left-- <= 0) throw new Error('cut off')
    return client.callBuffer(...args)
  }
  return new Proxy(client, {
    get: (target, name) => (name === 'callBuffer' ? callBuffer : Reflect.get(target, name)),
  })
}

/**
 * Does something on a connection that is cut off after each number of commands until it succeeds, in a store of its own each
 * time, and then looks whether two calls that may cost 60 each are kept under 100 together.
 */
async function whereverCut(
  before: (storage: Storage) => Promise<unknown>,
  doing: (storage: Storage) => Promise<unknown>,
  after: (storage: Storage) => Promise<unknown>,
): Promise<number> {
  const { server } = await storeOn([])
  for (let commands = 0; ; commands++) {
    const options = { shards: 2, prefix: `cut${commands}` }
    const { storage, client } = storeAt(server, options)
    await storage.open(host)
    await before(storage)
    const { storage: cut } = storeAt(server, { ...options, client: cutAfter(client, commands) })
    const done = await code(cut.open(host).then(() => doing(cut)))
    await after(storage)
    const worker = new Worker(storage, 'w')
    const { tasks } = await worker.claim(2)
    const fences = tasks.map(({ claim }) => ({ ...fenceOf(claim), all: [{ key: money.key, n: 60 }] }))
    const statuses = (await worker.exchange({ fences })).fences.map(({ status }) => status)
    expect(statuses.filter((status) => status === 'fenced').length).toBeLessThan(2)
    if (done === 'done') return commands
  }
}

const revisionOf = async (storage: Storage) => (await storage.getJob('a'))?.revision ?? 0
const made = (storage: Storage) => storage.createJob({ ...job, limits: [...job.limits, money] })

it('should keep a job within the limits it was made with, wherever its making was cut off and repeated', {
  timeout: 120_000,
}, async () => {
  const cuts = await whereverCut(
    async () => {},
    made,
    async (storage) => {
      await made(storage)
      await addTasks(storage, 'a', 2)
    },
  )
  expect(cuts).toBeGreaterThan(2)
})

it('should keep a job within a limit that was lowered, wherever that was cut off, once the change is there', {
  timeout: 120_000,
}, async () => {
  const lowered = { ...money, revision: 2 }
  let was = 0
  const before = async (storage: Storage) => {
    await storage.createJob({ ...job, limits: [...job.limits, { ...money, money: 1000 }] })
    await addTasks(storage, 'a', 2)
    was = await revisionOf(storage)
  }
  // Whoever is cut off does not know; the change is made again where it is not there.
  const after = async (storage: Storage) => {
    if ((await revisionOf(storage)) === was) await storage.control('a', { limits: [lowered] })
  }
  await whereverCut(before, (storage) => storage.control('a', { limits: [lowered] }), after)
})
