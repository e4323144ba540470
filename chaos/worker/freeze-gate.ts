import type { Storage } from 'outdial'
import { bound } from './wrapped-storage.js'

/** Stops this process at the worst moment: when it was granted starts and has not begun them. */
export interface FreezeGate {
  readonly storage: Storage
  /** Freezes at the next granted start. */
  arm(): void
}

/** A wait that was broken off may read the store once more. */
const LAST_LOOK = 200

/**
 * Freezes only while nothing of this process is under way at the store: a stopped process that holds the lock of a store
 * in a folder would stop all others with it, and nobody would take over anything.
 */
export function freezeGate(inner: Storage, freeze: () => Promise<void>): FreezeGate {
  const waits = new Set<AbortController>()
  let armed = false
  let busy = 0
  let frozen: Promise<void> | undefined
  let idle: (() => void) | undefined

  const through = async <T>(work: () => Promise<T>): Promise<T> => {
    while (frozen) await frozen
    busy++
    try {
      return await work()
    } finally {
      busy--
      if (busy === 0) idle?.()
    }
  }
  const stopped = async (): Promise<void> => {
    for (const wait of waits) wait.abort()
    if (busy > 0) {
      await new Promise<void>((resolve) => {
        idle = resolve
      })
    }
    await new Promise((resolve) => setTimeout(resolve, LAST_LOOK))
    await freeze()
  }
  const storage: Storage = {
    ...bound(inner),
    async exchange(request) {
      const reply = await through(() => inner.exchange(request))
      if (!armed || !reply.fences.some(({ status }) => status === 'fenced')) return reply
      armed = false
      frozen = stopped().finally(() => {
        frozen = undefined
      })
      await frozen
      return reply
    },
    load: (...args) => through(() => inner.load(...args)),
    overdue: (...args) => through(() => inner.overdue(...args)),
    getJob: (...args) => through(() => inner.getJob(...args)),
    getTask: (...args) => through(() => inner.getTask(...args)),
    control: (...args) => through(() => inner.control(...args)),
    listJobs: (...args) => through(() => inner.listJobs(...args)),
    async waitForWork(query) {
      while (frozen) await frozen
      const wait = new AbortController()
      const stop = (): void => wait.abort()
      query.signal.addEventListener('abort', stop, { once: true })
      waits.add(wait)
      try {
        await inner.waitForWork({ ...query, signal: wait.signal })
      } finally {
        waits.delete(wait)
        query.signal.removeEventListener('abort', stop)
      }
    },
  }
  return {
    storage,
    arm() {
      armed = true
    },
  }
}
