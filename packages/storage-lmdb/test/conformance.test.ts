import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConformance } from '@outdial/conformance'
import type { Storage } from '@outdial/core'
import { describe, it } from 'vitest'
import { systemClock } from '../../outdial/src/system-clock.js'
import { lmdbStorage } from '../src/index.js'

const EVENTS = 100

/**
 * A client whose time is the machine's, whatever clock it is given: that clients of several processes hear of each other
 * takes a moment, in which time has to pass.
 */
function client(path: string): Storage {
  const storage = lmdbStorage({ path, events: EVENTS, lookEveryMs: 20 })
  const open: Storage['open'] = ({ random }) => storage.open({ clock: systemClock(), random })
  return Object.assign(Object.create(storage) as Storage, bound(storage), { open })
}

/** The methods of an object, to be used without it. */
function bound(storage: Storage): Partial<Storage> {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(storage)).filter((name) => name !== 'constructor')
  return Object.fromEntries(
    names.map((name) => [name, (...args: unknown[]) => Reflect.apply(Reflect.get(storage, name), storage, args)]),
  )
}

defineConformance(
  { describe, it: (name, test) => it(name, { timeout: 180_000 }, test) },
  {
    name: 'lmdbStorage',
    clock: 'own',
    events: EVENTS,
    async create() {
      const path = mkdtempSync(join(tmpdir(), 'outdial-lmdb-'))
      const clients = [client(path)]
      const another = () => {
        const storage = client(path)
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
