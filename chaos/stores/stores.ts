import type { ChaosStore } from './chaos-store.js'
import { lmdbStore } from './lmdb-store.js'
import { redisStore } from './redis-store.js'

/** Every kind of store there is, by name. */
const STORES: Readonly<Record<string, ChaosStore>> = Object.fromEntries(
  [redisStore, lmdbStore].map((store) => [store.name, store]),
)

/** The store of this name; throws with the names there are. */
export function storeNamed(name: string): ChaosStore {
  const store = STORES[name]
  if (store) return store
  throw new Error(`There is no store '${name}'. There are: ${Object.keys(STORES).join(', ')}.`)
}
