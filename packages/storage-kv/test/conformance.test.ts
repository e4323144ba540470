import { defineConformance } from '@outdial/conformance'
import { describe, it } from 'vitest'
import { kvStorage, memoryKv } from '../src/index.js'
import { copyOf } from './support/copy-of.js'

const EVENTS = 100
const runner = { describe, it: (name: string, test: () => Promise<void>) => it(name, { timeout: 180_000 }, test) }

// Memory neither lasts nor is shared. What outlives these storages is the data, which the tests keep, so both can be claimed.
const lasting = { shared: true, durable: true }

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
          openSecond: async () => opened(),
          restart: async () => opened(),
          async mark() {
            marked = await copyOf(kv, async)
          },
          async rollback() {
            kv = marked
            return opened()
          },
          async destroy() {},
        }
      },
    },
    { runs: async ? 8 : 25 },
  )
}

describe('kvStorage over a database of its own process', () => {
  defineConformance(
    runner,
    {
      name: 'kvStorage',
      clock: 'given',
      events: EVENTS,
      create: async () => ({ storage: kvStorage(memoryKv(), { events: EVENTS }), async destroy() {} }),
    },
    { runs: 15 },
  )
})
