import { mkdirSync } from 'node:fs'
import { OutdialError } from '@outdial/core'
import type { Kv, KvEntry, KvTransaction } from '@outdial/storage-kv'
import { type Database, open } from 'lmdb'

/** Room for the data, as addresses and not as space on disk; grows by itself where that is possible. */
const MAP_SIZE = 1024 ** 3

/** The key-value store of a folder. LMDB has one writer at a time, whatever the process, and everything here writes. */
export function lmdbKv(path: string): Kv {
  const database = opened(path)
  let wrote = false
  const tx: KvTransaction = {
    get: (key) => database.get(key),
    range: ({ gte, lt, limit }) => {
      const entries: KvEntry[] = []
      for (const { key, value } of database.getRange({ start: gte, end: lt, limit })) entries.push([key, value])
      return entries
    },
    set(key, value) {
      wrote = true
      database.putSync(key, value)
    },
    delete(key) {
      wrote = true
      database.removeSync(key)
    },
  }
  return {
    capabilities: { shared: true, durable: true },
    async transaction(work) {
      // A child of the transaction that lmdb-js gathers writes in: what throws in here is undone alone.
      wrote = false
      const result = await database.childTransaction(() => work(tx))
      if (wrote) await database.flushed
      return result
    },
    close: () => database.close(),
  }
}

function opened(path: string): Database<string, string> {
  try {
    mkdirSync(path, { recursive: true })
    return open<string, string>({ path, encoding: 'string', noSubdir: false, mapSize: MAP_SIZE })
  } catch (cause) {
    throw new OutdialError(
      'storage_unavailable',
      `The store in ${path} cannot be opened: ${cause instanceof Error ? cause.message : cause}`,
      { field: 'path', path },
      { cause },
    )
  }
}
