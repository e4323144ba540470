import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from '../../../outdial/test/processes/free-port.js'
import { until } from '../../../outdial/test/processes/workers.js'
import { folderOfTest, type RedisServer, redisServer, started } from './redis-server.js'

/** A primary and its replica, and three Sentinels that promote it when the primary is gone. */
export interface Sentinels {
  readonly servers: readonly RedisServer[]
  readonly ports: number[]
  /** The server that they say is the primary. */
  primary(): Promise<RedisServer>
  /** Disconnects the test from them. */
  leave(): void
}

/** Starts them all, and resolves when each knows everybody. Everything a server has answered is on its disk. */
export async function redisSentinels(program: string): Promise<Sentinels> {
  const primary = await redisServer({ program: [program], persistent: true })
  const follow = ['--replicaof', `127.0.0.1 ${primary.port}`]
  const replica = await redisServer({ program: [program], persistent: true, settings: follow })
  const servers = [primary, replica]
  const ports: number[] = []
  const clients: Redis[] = []
  for (let i = 0; i < 3; i++) {
    const folder = folderOfTest(mkdtempSync(join(tmpdir(), 'outdial-sentinel-')))
    const settings = join(folder, 'sentinel.conf')
    const port = await freePort()
    writeFileSync(
      settings,
      [
        `port ${port}`,
        `dir ${folder}`,
        `sentinel monitor primary 127.0.0.1 ${primary.port} 2`,
        'sentinel down-after-milliseconds primary 500',
        'sentinel failover-timeout primary 3000',
        '',
      ].join('\n'),
    )
    await started([program, settings, '--sentinel'])
    ports.push(port)
    clients.push(new Redis({ host: '127.0.0.1', port }))
  }
  const known = async (client: Redis) => {
    const told = (await client.call('SENTINEL', 'MASTER', 'primary')) as string[]
    const fact = (name: string) => told[told.indexOf(name) + 1]
    return fact('num-other-sentinels') === '2' && fact('num-slaves') === '1'
  }
  await until(async () => (await Promise.all(clients.map(known))).every(Boolean))
  return {
    servers,
    ports,
    async primary() {
      const told = (await clients[0]?.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'primary')) as string[]
      return servers.find(({ port }) => String(port) === told[1]) as RedisServer
    },
    leave() {
      for (const client of clients) client.disconnect()
    },
  }
}
