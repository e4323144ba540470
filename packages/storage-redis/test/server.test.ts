import { describe, expect, it } from 'vitest'
import { LANE, newJob } from '../../conformance/src/support/jobs.js'
import { redisStorage } from '../src/index.js'
import { redisServer } from './support/redis-server.js'
import { code, host, storeAt, storeOn } from './support/store-on.js'

describe('open', () => {
  it('should refuse a server that throws keys away', async () => {
    const { storage } = await storeOn(['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'])
    expect(await code(storage.open(host))).toBe('storage_unavailable')
  })

  it('should refuse a server that may forget what it has answered, if the store was declared durable', async () => {
    const { storage } = await storeOn(['--appendonly', 'yes', '--appendfsync', 'everysec'], { durable: true })
    expect(await code(storage.open(host))).toBe('not_durable')
  })

  it('should refuse a server that is too old', async () => {
    const { server } = await storeOn([])
    const { client, storage } = storeAt(server)
    // What an old server says of itself; the rest is a server's.
    const ask = client.callBuffer.bind(client)
    client.callBuffer = (async (name: string, ...args: string[]) =>
      name === 'INFO' ? Buffer.from('# Server\r\nredis_version:6.2.14\r\n') : ask(name, ...args)) as typeof ask
    expect(await code(storage.open(host))).toBe('storage_unavailable')
  })

  it('should refuse a server that lets it hear nothing, and open when it does', async () => {
    const { client, server } = await storeOn([])
    await client.call('ACL', 'SETUSER', 'limited', 'on', 'nopass', '~*', '+@all', 'resetchannels')
    const { storage } = storeAt(server, {}, { username: 'limited', password: 'any' })
    expect(await code(storage.open(host))).toBe('storage_unavailable')
    await client.call('ACL', 'SETUSER', 'limited', 'allchannels')
    expect(await code(storage.open(host))).toBe('done')
  })

  it('should refuse a server that forgets while it rewrites its file, if the store was declared durable', async () => {
    const always = ['--appendonly', 'yes', '--appendfsync', 'always', '--aof-load-truncated', 'no']
    const { storage } = await storeOn([...always, '--no-appendfsync-on-rewrite', 'yes'], { durable: true })
    expect(await code(storage.open(host))).toBe('not_durable')
  })

  it('should refuse a server that keeps a part of a step after a crash, if the store was declared durable', async () => {
    const { storage } = await storeOn(['--appendonly', 'yes', '--appendfsync', 'always'], { durable: true })
    const error = await storage.open(host).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'not_durable', details: { 'aof-load-truncated': 'yes' } })
  })

  it('should refuse a client that puts something before keys', () => {
    const client = { callBuffer: async () => {}, duplicate: () => client, options: { keyPrefix: 'x:' } } as never
    expect(() => redisStorage({ client })).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  })
})

describe('a server that does not do what it is asked', () => {
  it('should be full with storage_full, and have changed nothing', async () => {
    const { client, storage } = await storeOn(['--maxmemory-policy', 'noeviction'])
    await storage.open(host)
    await storage.createJob(newJob({ id: 'a' }))
    await storage.openBatch('a', 'b', 'b')
    await client.config('SET', 'maxmemory', '1mb')
    const tasks = [{ payload: 'x' }]
    expect(await code(storage.stage('a', 'b', { seq: 0, lane: LANE, tasks }))).toBe('storage_full')
    await client.config('SET', 'maxmemory', '0')
    expect(await storage.stage('a', 'b', { seq: 0, lane: LANE, tasks })).toMatchObject({ first: 0, accepted: 1 })
  })

  it('should be a replica with storage_unavailable', async () => {
    const { client, storage } = await storeOn([])
    await storage.open(host)
    const primary = await redisServer()
    await client.replicaof('127.0.0.1', primary.port)
    expect(await code(storage.createJob(newJob({ id: 'a' })))).toBe('storage_unavailable')
  })

  it('should have somebody else’s keys with storage_unavailable, and leave them alone', async () => {
    const { client, storage } = await storeOn([])
    await storage.open(host)
    await client.set('{outdial}:jobs', 'not ours')
    expect(await code(storage.createJob(newJob({ id: 'a' })))).toBe('storage_unavailable')
    expect(await client.get('{outdial}:jobs')).toBe('not ours')
  })

  it('should be asked again after it has forgotten the scripts', async () => {
    const { client, storage } = await storeOn([])
    await storage.open(host)
    await storage.createJob(newJob({ id: 'a' }))
    await client.script('FLUSH')
    expect(await storage.createJob(newJob({ id: 'a' }))).toMatchObject({ replayed: true })
  })

  it('should not have its errors tell what was sent', async () => {
    const { client, storage } = await storeOn([])
    await storage.open(host)
    await client.set('{outdial}:meta', 'x')
    const error = await storage.createJob(newJob({ id: 'a', spec: 'a secret' })).catch((error: unknown) => error)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('a secret')
  })
})
