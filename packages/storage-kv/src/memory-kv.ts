import type { Answer, Kv, KvEntry, KvTransaction } from './kv.js'

/** Options of {@link memoryKv}. */
export interface MemoryKvOptions {
  /** Answers with promises, as a database does that is somewhere else. Default false: with values. */
  async?: boolean
}

/**
 * A key-value store in memory: for tests, and as an example of a {@link Kv}. Keeps its keys in an array, so it is not for
 * a great many of them.
 */
export function memoryKv({ async = false }: MemoryKvOptions = {}): Kv {
  const values = new Map<string, string>()
  const keys: string[] = []
  const place = (key: string): number => {
    let low = 0
    let high = keys.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((keys[middle] as string) < key) low = middle + 1
      else high = middle
    }
    return low
  }
  const commit = (changes: ReadonlyMap<string, string | undefined>): void => {
    for (const [key, value] of changes) {
      const known = values.has(key)
      if (value !== undefined) values.set(key, value)
      else values.delete(key)
      if (known && value === undefined) keys.splice(place(key), 1)
      if (!known && value !== undefined) keys.splice(place(key), 0, key)
    }
  }
  let last: Promise<unknown> = Promise.resolve()
  const answer = <T>(value: T): Answer<T> => (async ? Promise.resolve(value) : value)

  return {
    capabilities: { shared: false, durable: false },
    transaction(work) {
      const done = last.then(async () => {
        const changes = new Map<string, string | undefined>()
        const tx: KvTransaction = {
          get: (key) => answer(values.get(key)),
          range: ({ gte, lt, limit }) => {
            const entries: KvEntry[] = []
            for (let at = place(gte); entries.length < limit; at++) {
              const key = keys[at]
              if (key === undefined || key >= lt) break
              entries.push([key, values.get(key) as string])
            }
            return answer(entries)
          },
          set: (key, value) => answer(void changes.set(key, value)),
          delete: (key) => answer(void changes.set(key, undefined)),
        }
        const result = await work(tx)
        commit(changes)
        return result
      })
      // Whoever comes next waits, also when several storages use the same data.
      last = done.catch(() => {})
      return done
    },
    close() {},
  }
}
