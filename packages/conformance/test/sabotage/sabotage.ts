import type { Limit, Storage } from '@outdial/core'
import { memoryStorage } from '@outdial/storage-memory'
import type { StoreUnderTest } from '../../src/index.js'

/** A store with one fault, which the kit has to find. */
export interface Sabotage {
  /** What it does wrong. */
  readonly name: string
  /** What would come of it in production. */
  readonly harm: string
  /** The rules it breaks, all of them; it keeps every other one that stands for itself. */
  readonly fails: readonly string[]
  /** Whether it takes several clients, a crash or a lost reply for the fault to show. */
  readonly underFaults: boolean
  /** A search that finds it too. */
  readonly search?: string
  make(): StoreUnderTest
}

/** Some methods of a store, done wrong. */
export type Patch = (inner: Storage) => Partial<Storage>

/** A memory store, but for what the patch does. */
export function patched(patch: Patch, inner: Storage = memoryStorage({ events: 100_000 })): Storage {
  const wrong = patch(inner)
  return new Proxy(inner, {
    get(target, name) {
      const value: unknown = Reflect.get(name in wrong ? wrong : target, name)
      return typeof value === 'function' ? value.bind(name in wrong ? wrong : target) : value
    },
  })
}

/** A store of one client. */
export function single(patch: Patch, events?: number): () => StoreUnderTest {
  return () => ({
    storage: patched(patch, memoryStorage(events === undefined ? { events: 100_000 } : { events })),
    destroy: async () => {},
  })
}

/** A store that claims to be shared. Every client is patched anew, over the same records. */
export function many(patch: Patch): () => StoreUnderTest {
  return () => {
    const inner = memoryStorage({ events: 100_000 })
    const client = (): Storage =>
      patched((of) => ({ capabilities: { ...of.capabilities, shared: true }, ...patch(of) }), inner)
    return { storage: client(), openSecond: async () => client(), destroy: async () => {} }
  }
}

/** Like {@link many}, with what the clients of one store have in common. */
export function together<T>(
  common: () => T,
  patch: (inner: Storage, common: T) => Partial<Storage>,
): () => StoreUnderTest {
  return () => {
    const shared = common()
    return many((inner) => patch(inner, shared))()
  }
}

/** A store of which every limit is set otherwise. */
export function changedLimits(change: (limit: Limit) => Limit): Patch {
  return (inner) => ({
    setLimits: (limits) => inner.setLimits(limits.map(change)),
    createJob: (job) => inner.createJob({ ...job, limits: job.limits.map(change) }),
  })
}
