import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConformance } from '@outdial/conformance'
import { describe, it } from 'vitest'
import { lmdbStorage } from '../src/index.js'

const EVENTS = 100

defineConformance(
  { describe, it: (name, test) => it(name, { timeout: 180_000 }, test) },
  {
    name: 'lmdbStorage',
    clock: 'given',
    events: EVENTS,
    async create() {
      const path = mkdtempSync(join(tmpdir(), 'outdial-lmdb-'))
      const clients = [lmdbStorage({ path, events: EVENTS })]
      const another = () => {
        const storage = lmdbStorage({ path, events: EVENTS })
        clients.push(storage)
        return storage
      }
      return {
        storage: clients[0] as (typeof clients)[0],
        openSecond: async () => another(),
        // A client that is left alone, as a process that was killed: see also kill.test.ts, where it is one.
        restart: async () => another(),
        async destroy() {
          for (const storage of clients) await storage.close()
          rmSync(path, { recursive: true, force: true })
        },
      }
    },
  },
  { runs: 3 },
)
