import { expect, it } from 'vitest'
import { newJob } from '../../conformance/src/support/jobs.js'
import { code, host, storeAt, storeOn } from './support/store-on.js'

/** Has the data be those of another version of the package. */
const LAY_OUT = `
local meta = cmsgpack.unpack(redis.call('GET', KEYS[1]))
meta.layout = tonumber(ARGV[1])
redis.call('SET', KEYS[1], cmsgpack.pack(meta))`

it.each([
  ['a newer', 8],
  ['an older', 6],
])('should refuse data of %s layout when it is opened', async (_, layout) => {
  const { server, client, storage } = await storeOn([])
  await storage.open(host)
  await storage.createJob(newJob({ id: 'a' }))
  await client.eval(LAY_OUT, 1, '{outdial}:meta', layout)

  const another = storeAt(server).storage
  await expect(another.open(host)).rejects.toMatchObject({ code: 'storage_mismatch', details: { layout, known: 7 } })
})

it('should touch nothing any more when somebody has laid the data out anew while it worked', async () => {
  const { client, storage } = await storeOn([])
  await storage.open(host)
  await storage.createJob(newJob({ id: 'a' }))
  await client.eval(LAY_OUT, 1, '{outdial}:meta', 8)
  const before = await client.dump('{outdial}:jobs')

  const exchange = { channel: 'c', seq: 1, reports: [], fences: [], claims: [{ route: 'r1', max: 1, leaseMs: 1000 }] }
  expect(await code(storage.createJob(newJob({ id: 'b' })))).toBe('storage_mismatch')
  expect(await code(storage.exchange(exchange))).toBe('storage_mismatch')
  expect(await code(storage.getJob('a'))).toBe('storage_mismatch')
  expect(await client.dump('{outdial}:jobs')).toBe(before)

  await client.eval(LAY_OUT, 1, '{outdial}:meta', 7)
  expect(await storage.createJob(newJob({ id: 'b' }))).toMatchObject({ replayed: false })
})

it('should take what is not ours for what it is', async () => {
  const { client, storage } = await storeOn([])
  await client.set('{outdial}:meta', 'somebody else’s')
  expect(await code(storage.open(host))).toBe('storage_unavailable')
  expect(await client.get('{outdial}:meta')).toBe('somebody else’s')
})
