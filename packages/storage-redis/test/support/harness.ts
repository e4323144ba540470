import { type Harness, SPECIFICATION } from '@outdial/conformance'
import type { Storage } from '@outdial/core'
import type { RedisClient, RedisStorageOptions } from '../../src/index.js'
import { RedisStorage } from '../../src/redis-storage.js'
import { shardedStorage } from '../../src/shards/sharded.js'
import { GIVEN_CLOCK } from './given-clock.lua.js'

const EVENTS = 100
let stores = 0

/** What stores are made on: a server, or a Cluster. */
export interface Backend {
  client(): RedisClient & { disconnect(): void }
  restart(): Promise<void>
  mark(): void
  rollback(): Promise<void>
  /** Removes everything. */
  flush(): Promise<unknown>
}

interface HarnessOptions {
  clock: Harness['clock']
  /** The stores are declared durable, and their server is killed and put back. */
  crashes?: boolean
  storage?: Partial<RedisStorageOptions>
}

/** Stores under prefixes of their own. */
export function redisHarness(
  backend: () => Backend,
  { clock, crashes = false, storage = {} }: HarnessOptions,
): Harness {
  return {
    name: 'redisStorage',
    clock,
    events: EVENTS,
    async create() {
      const prefix = `store-${stores++}`
      const clients: { disconnect(): void }[] = []
      const storages: Storage[] = []
      const another = () => {
        const client = backend().client()
        clients.push(client)
        const options = { client, prefix, events: EVENTS, durable: crashes, ...storage }
        const test = clock === 'given' ? { givenClock: GIVEN_CLOCK } : {}
        const made = storage.shards ? shardedStorage(options, test) : new RedisStorage(options, test)
        storages.push(made)
        return made
      }
      const cleared = async () => {
        for (const made of storages.splice(0)) await made.close()
        for (const client of clients.splice(0)) client.disconnect()
      }
      const again = async (bring: () => Promise<void>) => {
        await cleared()
        await bring()
        return another()
      }
      return {
        storage: another(),
        openSecond: async () => another(),
        ...(crashes && {
          restart: () => again(() => backend().restart()),
          mark: async () => backend().mark(),
          rollback: () => again(() => backend().rollback()),
        }),
        async destroy() {
          if (crashes) await backend().flush()
          await cleared()
        },
      }
    },
  }
}

/** The rules of a level, by id. */
export function rulesOf(level: string): string[] {
  return SPECIFICATION.flatMap((area) => area.rules).flatMap((rule) => (rule.level === level ? [rule.id] : []))
}
