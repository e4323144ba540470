import { join } from 'node:path'
import { redisStorage } from '@outdial/storage-redis'
import { Redis } from 'ioredis'
import type { Storage } from 'outdial'
import { freePort } from '../../packages/outdial/test/processes/free-port.js'
import { sleep } from '../conductor/processes.js'
import { tcpProxy } from '../proxy/tcp-proxy.js'
import type { Sabotage } from '../worker/sabotage.js'
import { bound } from '../worker/wrapped-storage.js'
import { cutAfter } from './append-only-file.js'
import type { ChaosStore, RunningStore } from './chaos-store.js'
import { redisServer } from './redis-server.js'

/** With `everysec`, what was answered in the last second or two may not be on the disk yet. */
const UNCONFIRMED = 1_500
/** Longer than anything takes on a busy machine, and what the guide for operators says. */
const SILENT = 5_000

/** One redis-server, which the workers reach through a proxy. */
export const redisStore: ChaosStore = {
  name: 'redis',
  offers: ['link', 'crash'],
  people: 2_000,
  start,
  open,
}

/** By `redis://127.0.0.1:PORT`. */
function open(address: string, sabotage?: Sabotage): Storage {
  const { hostname, port } = new URL(address)
  const client = new Redis({
    host: hostname,
    port: Number(port),
    socketTimeout: SILENT,
    maxRetriesPerRequest: 5,
    autoResendUnfulfilledCommands: sabotage !== 'replies-not-replayed',
  })
  // It connects again by itself.
  client.on('error', () => {})
  // The judge replays the log from its first entry, so none may be trimmed.
  const storage = redisStorage({ client, events: 1_000_000, durable: sabotage !== 'not-durable' })
  return {
    ...bound(storage),
    async close() {
      await storage.close()
      client.disconnect()
    },
  }
}

async function start(folder: string, sabotage?: Sabotage): Promise<RunningStore> {
  const durable = sabotage !== 'not-durable'
  const port = await freePort()
  const disk = ['--appendonly', 'yes', '--appendfsync', durable ? 'always' : 'everysec', '--aof-load-truncated', 'no']
  const server = await redisServer(port, folder, disk)
  const link = await tcpProxy({ host: '127.0.0.1', port })
  const direct = new Redis({ host: '127.0.0.1', port })
  direct.on('error', () => {})
  let crashes = 0
  return {
    address: `redis://127.0.0.1:${link.port}`,
    judgeAddress: `redis://127.0.0.1:${port}`,
    link,
    async crash(torn) {
      const marker = `crash ${++crashes} of this server`
      if (durable) {
        // From here on nothing is answered. What has been is on the disk when the marker is.
        link.halfOpen('replies')
        await direct.set('chaos:marker', marker)
      } else {
        // Answers go on while nothing of it is certain to be on the disk.
        await direct.set('chaos:marker', marker)
        await sleep(UNCONFIRMED)
      }
      await server.kill()
      cutAfter(join(folder, 'appendonlydir'), marker, torn)
      // Redis itself would keep half of a torn step, and count it with the next one when it starts for the second time.
      await server.repair()
      link.heal()
      await server.start()
    },
    async stop() {
      direct.disconnect()
      await link.close()
      await server.kill()
    },
  }
}
