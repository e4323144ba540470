import type { Clock, Random, Storage } from '@outdial/core'
import { memoryStorage } from '@outdial/storage-memory'
import type { StoreUnderTest } from '../../src/index.js'

type Method = Exclude<keyof Storage, 'capabilities'>

/** What was asked of the store, and when. */
export interface Entry {
  readonly method: Method
  readonly args: readonly unknown[]
  readonly now: number
  /** How often the store had come back older by then. */
  readonly epoch: number
}

const MUTATING: readonly Method[] = [
  'createJob',
  'openBatch',
  'stage',
  'seal',
  'discard',
  'control',
  'setLimits',
  'setList',
  'exchange',
  'overdue',
  'takeLedger',
  'acknowledgeLedger',
  'redact',
  'purge',
]

/** What a recorded store is made of, so that a fault can be built into any of its parts. */
export interface Parts {
  make(): Storage
  /** What a crash leaves of the log; all of it in a store that keeps its word. */
  keep(log: readonly Entry[]): Entry[]
  /** Whether refs are other ones after the store came back older. */
  freshRefs: boolean
}

const SOUND: Parts = {
  make: () => memoryStorage({ events: 1_000_000 }),
  keep: (log) => [...log],
  freshRefs: true,
}

/**
 * A memory store that claims to be shared and durable, and is: it keeps a log of everything it was asked. A second client
 * is another face of the same records; after a crash, a store is made anew by doing it all again. Good for tests of the kit.
 */
export function recordedStore(parts: Partial<Parts> = {}): StoreUnderTest {
  const { make, keep, freshRefs } = { ...SOUND, ...parts }
  let log: Entry[] = []
  let marked = 0
  let outside: { clock: Clock; random: Random } | undefined
  let replayed: number | undefined
  /** The latest time that was answered: it does not go back, also when the store comes back older. */
  let latest = 0
  let inner = make()

  const clock: Clock = {
    now: () => {
      latest = Math.max(latest, outside?.clock.now() ?? 0)
      return replayed ?? latest
    },
    monotonic: () => outside?.clock.monotonic() ?? 0,
    setTimeout: (run, ms) => (outside as { clock: Clock }).clock.setTimeout(run, ms),
    clearTimeout: (timer) => outside?.clock.clearTimeout(timer),
  }
  // The same for the same exchange, so that doing it again mints the same refs; another after a rollback.
  let epoch = 0
  let past: number | undefined
  let drawn = 0
  const random: Random = { next: () => ((Math.sin(++drawn * 7919 + (past ?? epoch) * 104_729) + 1) * 49_999) % 1 }

  const face = (): Storage =>
    new Proxy({} as Storage, {
      get(_, name: keyof Storage) {
        // Only what a store has: a proxy that had a `then` would be waited for.
        if (!(name in inner)) return undefined
        if (name === 'capabilities') return { ...inner.capabilities, shared: true, durable: true }
        if (name === 'open') {
          return async (host: { clock: Clock; random: Random }) => {
            outside = host
            await inner.open({ clock, random })
          }
        }
        return async (...args: unknown[]) => {
          const sent = name === 'exchange' ? [{ ...(args[0] as object), durable: false }] : args
          if (MUTATING.includes(name)) log.push({ method: name, args: structuredClone(sent), now: clock.now(), epoch })
          return Reflect.apply(inner[name] as (...args: unknown[]) => unknown, inner, sent)
        }
      },
    })

  const redo = async (entries: Entry[]): Promise<Storage> => {
    log = []
    drawn = 0
    inner = make()
    replayed = 0
    await inner.open({ clock, random })
    for (const entry of entries) {
      replayed = entry.now
      past = entry.epoch
      log.push(entry)
      await Promise.resolve(
        Reflect.apply(inner[entry.method] as (...args: unknown[]) => unknown, inner, structuredClone(entry.args)),
      ).catch(() => {})
    }
    replayed = undefined
    past = undefined
    return face()
  }

  return {
    storage: face(),
    openSecond: async () => face(),
    restart: async () => redo(keep(log)),
    mark: async () => {
      marked = log.length
    },
    rollback: async () => {
      const storage = await redo(log.slice(0, marked))
      if (freshRefs) epoch++
      return storage
    },
    destroy: async () => {},
  }
}
