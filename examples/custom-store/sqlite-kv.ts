import type { Kv, KvEntry, KvTransaction } from '@outdial/storage-kv'
import Database from 'libsql'

const TABLE = 'CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID'

interface Row {
  key: string
  value: string
}

/** A key-value store in a SQLite file: one table, and SQLite's own transactions. */
export function sqliteKv(file: string): Kv {
  const database = new Database(file)
  // Every commit is on disk before it returns; readers of the file are never in the way.
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  database.exec(TABLE)

  const one = database.prepare('SELECT value FROM entries WHERE key = ?')
  const some = database.prepare('SELECT key, value FROM entries WHERE key >= ? AND key < ? ORDER BY key LIMIT ?')
  const put = database.prepare(
    'INSERT INTO entries (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const remove = database.prepare('DELETE FROM entries WHERE key = ?')

  // All four answer with values, so whatever is done with them is done when it returns.
  const tx: KvTransaction = {
    get: (key) => (one.get(key) as Row | undefined)?.value,
    range: ({ gte, lt, limit }) => (some.all(gte, lt, limit) as Row[]).map(({ key, value }): KvEntry => [key, value]),
    set: (key, value) => void put.run(key, value),
    delete: (key) => void remove.run(key),
  }

  return {
    // One process at a time: SQLite would allow more, but nobody here has tried it.
    capabilities: { shared: false, durable: true },
    async transaction(work) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const result = await work(tx)
        database.exec('COMMIT')
        return result
      } catch (error) {
        if (database.inTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
    close: () => void database.close(),
  }
}
