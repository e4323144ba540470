import { expect, it } from 'vitest'
import { filledJob, newJob } from '../../conformance/src/support/jobs.js'
import { until } from '../../outdial/test/processes/workers.js'
import { redisStorage } from '../src/index.js'
import { redisStandIn } from './support/redis-stand-in.js'
import { code, host, storeAt, storeOn } from './support/store-on.js'

const wanted = { routes: ['r1'], until: Number.POSITIVE_INFINITY }

it('should hear of work after its connections were broken', async () => {
  const { server, storage } = await storeOn([])
  await storage.open(host)
  const { storage: other } = storeAt(server)
  await other.open(host)
  const heard = storage.waitForWork({ ...wanted, channel: 'c', signal: new AbortController().signal })

  const admin = server.client()
  await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await admin.call('CLIENT', 'KILL', 'TYPE', 'normal')
  await filledJob(other, { id: 'a' }, 3)
  await heard
  const claims = [{ route: 'r1', max: 3, leaseMs: 1000 }]
  const reply = await storage.exchange({ channel: 'c', seq: 1, reports: [], fences: [], claims })
  expect(reply.claims.flatMap(({ tasks }) => tasks.map(({ index }) => index))).toEqual([0, 1, 2])
  admin.disconnect()
})

it('should listen again, and leave no rejection to the host, when a connection is lost while it subscribes anew', async () => {
  const { server, storage: other } = await storeOn([])
  await other.open(host)
  const unhandled: unknown[] = []
  const note = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  const standIn = await redisStandIn(server.port)
  // A client that gives up what is under way whenever a connection is lost.
  const client = standIn.client({ maxRetriesPerRequest: 0 })
  const storage = redisStorage({ client })
  await storage.open(host)

  const admin = server.client()
  const listeners = async () => ((await admin.call('PUBSUB', 'NUMSUB', '{outdial}:news')) as [string, number])[1]
  expect(await listeners()).toBe(2)
  standIn.breakAt = 'SUBSCRIBE'
  await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await until(() => standIn.breakAt === undefined)
  await until(async () => (await listeners()) === 2)
  // Nor when the store is closed at that moment.
  standIn.breakAt = 'SUBSCRIBE'
  await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await until(() => standIn.breakAt === undefined)
  await storage.close()
  client.disconnect()
  await until(async () => (await listeners()) === 1)

  expect(unhandled).toEqual([])
  process.off('unhandledRejection', note)
  admin.disconnect()
})

it('should keep no connection that it was opened with, though it was opened twice at once or closed meanwhile', async () => {
  const { server, storage } = await storeOn([])
  const admin = server.client()
  const listeners = async () => ((await admin.call('PUBSUB', 'NUMSUB', '{outdial}:news')) as [string, number])[1]
  await Promise.all([storage.open(host), storage.open(host)])
  expect(await listeners()).toBe(1)
  await storage.close()
  await until(async () => (await listeners()) === 0)

  const opening = storage.open(host)
  await storage.close()
  await opening
  await until(async () => (await listeners()) === 0)
  await storage.open(host)
  expect(await listeners()).toBe(1)
  admin.disconnect()
})

it('should not have an exchange happen twice that a client sends again by itself', async () => {
  const { server, client, storage } = await storeOn([])
  await storage.open(host)
  await filledJob(storage, { id: 'a' }, 6)
  const admin = server.client()
  const claims = [{ route: 'r1', max: 2, leaseMs: 60_000 }]
  for (const seq of [1, 2, 3]) {
    const told = storage.exchange({ channel: 'c', seq, reports: [], fences: [], claims })
    await admin.call('CLIENT', 'KILL', 'ADDR', address(client))
    const reply = await told
    expect(reply.claims.flatMap(({ tasks }) => tasks.map(({ index }) => index))).toEqual([seq * 2 - 2, seq * 2 - 1])
  }
  admin.disconnect()
})

it('should say of a server that still reads its data that it is not there', { timeout: 60_000 }, async () => {
  const slow = ['--enable-debug-command', 'yes', '--loading-process-events-interval-bytes', '1024']
  const { server, client, storage } = await storeOn(slow)
  await storage.open(host)
  await client.eval(`for i = 1, 20000 do redis.call('SET', 'other:' .. i, i) end`, 0)
  // A client that looks whether a server is ready would wait for it.
  const { storage: hasty, client: asks } = storeAt(server, {}, { enableReadyCheck: false })
  await hasty.open(host)
  await client.config('SET', 'key-load-delay', '100')
  const reloaded = client.call('DEBUG', 'RELOAD')
  while (!String(await asks.get('other:1').catch(String)).includes('LOADING'));
  expect(await code(hasty.createJob(newJob({ id: 'a' })))).toBe('storage_unavailable')
  await client.config('SET', 'key-load-delay', '0').catch(() => {})
  await reloaded
  expect(await hasty.createJob(newJob({ id: 'a' }))).toMatchObject({ replayed: false })
})

/** Where the server sees a client. */
function address(client: { readonly stream?: unknown }): string {
  const { localAddress, localPort } = client.stream as { localAddress: string; localPort: number }
  return `${localAddress}:${localPort}`
}
