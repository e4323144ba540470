import { defineConformance } from '@outdial/conformance'
import { describe, it } from 'vitest'
import { kvStorage, memoryKv } from '../src/index.js'
import { copyOf } from './support/copy-of.js'

const EVENTS = 100
const runner = { describe, it: (name: string, test: () => Promise<void>) => it(name, { timeout: 180_000 }, test) }

// Memory does not last with its process. What outlives these storages is the data, which the tests keep, so it can be
// claimed. That several processes may share a store is for a database to claim, and for its tests to prove with processes.
const lasting = { shared: false, durable: true }

for (const async of [false, true]) {
  defineConformance(
    runner,
    {
      name: `kvStorage over a database that answers with ${async ? 'promises' : 'values'}`,
      clock: 'given',
      events: EVENTS,
      async create() {
        let kv = { ...memoryKv({ async }), capabilities: lasting }
        let marked = kv
        const opened = () => kvStorage(kv, { events: EVENTS })
        return {
          storage: opened(),
          restart: async () => opened(),
          async mark() {
            marked = await copyOf(kv, async)
          },
          async rollback() {
            kv = await copyOf(marked, async)
            return opened()
          },
          async destroy() {},
        }
      },
    },
    { runs: async ? 8 : 25 },
  )
}
