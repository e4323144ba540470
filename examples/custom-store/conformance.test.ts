import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConformance } from '@outdial/conformance'
import { kvStorage } from '@outdial/storage-kv'
import { describe, it } from 'vitest'
import { sqliteKv } from './sqlite-kv.js'

const EVENTS = 100

defineConformance(
  { describe, it: (name, test) => it(name, { timeout: 180_000 }, test) },
  {
    name: 'kvStorage over SQLite',
    clock: 'given',
    events: EVENTS,
    async create() {
      const folder = mkdtempSync(join(tmpdir(), 'outdial-sqlite-'))
      const open = () => kvStorage(sqliteKv(join(folder, 'outdial.db')), { events: EVENTS })
      let storage = open()
      return {
        storage,
        async restart() {
          await storage.close()
          storage = open()
          return storage
        },
        async destroy() {
          await storage.close()
          rmSync(folder, { recursive: true, force: true })
        },
      }
    },
  },
  { runs: 3 },
)
