import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConformance, type Harness, runConformance, SPECIFICATION } from '@outdial/conformance'
import type { Storage } from '@outdial/core'
import { kvStorage } from '@outdial/storage-kv'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../outdial/src/system-clock.js'
import { lmdbKv } from '../src/lmdb-kv.js'

const EVENTS = 100

/** Stores in folders of their own. Clients that the kit does not use any more stay open, as those of a frozen process. */
function harness(clock: Harness['clock'], client: (path: string) => Storage): Harness {
  return {
    name: 'lmdbStorage',
    clock,
    events: EVENTS,
    async create() {
      const path = mkdtempSync(join(tmpdir(), 'outdial-lmdb-'))
      const clients: Storage[] = []
      const another = () => {
        const made = client(path)
        clients.push(made)
        return made
      }
      return {
        storage: another(),
        openSecond: async () => another(),
        restart: async () => another(),
        async destroy() {
          for (const storage of clients) await storage.close()
          rmSync(path, { recursive: true, force: true })
        },
      }
    },
  }
}

// On the kit's own clock, which does not move while a client waits to hear of another: so one process at a time.
const alone = (path: string) =>
  kvStorage({ ...lmdbKv(path), capabilities: { shared: false, durable: true } }, { events: EVENTS })

defineConformance({ describe, it: (name, test) => it(name, { timeout: 180_000 }, test) }, harness('given', alone), {
  runs: 3,
})

/** In real time, whatever clock it is given. */
function shared(path: string): Storage {
  const storage = kvStorage(lmdbKv(path), { events: EVENTS, lookEveryMs: 20 })
  const { open } = storage
  storage.open = ({ random }) => open.call(storage, { clock: systemClock(), random })
  return storage
}

it('should keep the rules of stores that processes share, too', { timeout: 180_000 }, async () => {
  const rules = SPECIFICATION.flatMap((area) => area.rules)
    .filter(({ id, level }) => level === 'shared' && id < 'S-200')
    .map(({ id }) => id)
  expect(rules).toContain('S-185')
  const { levels } = await runConformance(harness('own', shared), { rules })
  expect(levels.shared).toMatchObject({ passed: rules.length, failures: [] })
})
