import {
  type CallJobOptions,
  type CarrierCapabilities,
  createEngine,
  type Engine,
  type EngineOptions,
  type LedgerEntry,
  memoryStorage,
  type SimulatedCarrier,
  type SimulatedCarrierOptions,
  type StopReport,
  type Storage,
  seededIds,
  seededRandom,
  simulatedCarrier,
  type VirtualClock,
  virtualClock,
  type ZoneFinder,
} from 'outdial'

export const FROM = '+13035550100'
/** Fictional people: the range that is reserved for them. */
export const phone = (i: number): string => `+1202555${String(100 + i).padStart(4, '0')}`
export const people = (count: number): { phone: string }[] =>
  Array.from({ length: count }, (_, i) => ({ phone: phone(i) }))

export interface BenchOptions {
  start?: number | string
  carrier?: SimulatedCarrierOptions
  capabilities?: Partial<CarrierCapabilities>
  storage?: Storage
  events?: number
  engine?: Partial<
    Pick<EngineOptions, 'placeAtOnce' | 'limits' | 'directory' | 'rates' | 'accounts' | 'quarantine' | 'breaker'>
  > & { zones?: ZoneFinder | false }
}

/** What a named test works with: a clock that is moved by hand, a store, a carrier, and engines over them. */
export class Bench {
  readonly clock: VirtualClock
  readonly storage: Storage
  readonly carrier: SimulatedCarrier
  readonly #options: BenchOptions
  #made = 0

  constructor(options: BenchOptions = {}) {
    this.#options = options
    this.clock = virtualClock(options.start === undefined ? {} : { start: options.start })
    this.storage = options.storage ?? memoryStorage(options.events === undefined ? {} : { events: options.events })
    this.carrier = simulatedCarrier({
      seed: 1,
      clock: this.clock,
      outcomes: { answered: 1 },
      setup: [1000, 1000],
      ring: [5000, 5000],
      talk: [30_000, 30_000],
      ...options.carrier,
      ...(options.capabilities && { capabilities: options.capabilities }),
    })
  }

  /** One more engine over the same store and carrier; not started. */
  engine(storage: Storage = this.storage, more: BenchOptions['engine'] = {}): Engine<{ sim: SimulatedCarrier }> {
    const number = this.#made++
    return createEngine({
      storage,
      carriers: { sim: this.carrier },
      clock: this.clock,
      ids: seededIds(`ids ${number}`),
      random: seededRandom(`random ${number}`),
      // Its people are where their job is.
      zones: false,
      ...this.#options.engine,
      ...more,
    })
  }

  async started(storage?: Storage): Promise<Engine<{ sim: SimulatedCarrier }>> {
    const engine = this.engine(storage)
    await engine.start()
    return engine
  }

  /** Stops an engine without waiting for its live calls. */
  async end(engine: Engine<{ sim: SimulatedCarrier }>): Promise<StopReport> {
    const stopped = engine.stop({ drain: 0 })
    await this.clock.advance(5 * SECOND)
    return stopped
  }

  /** Options of a campaign that starts at once. */
  campaign(more: Partial<CallJobOptions> = {}): CallJobOptions & { carrier: 'sim' } {
    return { name: 'Reminders', from: FROM, contacts: people(1), start: 'now', ...more, carrier: 'sim' }
  }

  entries(kind?: LedgerEntry['kind']): LedgerEntry[] {
    return [...this.carrier.ledger].filter((entry) => kind === undefined || entry.kind === kind)
  }

  /** When calls were placed, in milliseconds after the start of the clock. */
  get placedAt(): number[] {
    return this.entries('placed').map(({ at }) => at - this.clock.start)
  }
}

/** A store of which one method does something else. */
export function withMethod<Name extends keyof Storage>(
  storage: Storage,
  name: Name,
  make: (original: Storage[Name]) => Storage[Name],
): Storage {
  return new Proxy(storage, {
    get(target, key) {
      const value = Reflect.get(target, key, target) as unknown
      if (typeof value !== 'function') return value
      const bound = value.bind(target) as Storage[Name]
      return key === name ? make(bound) : bound
    },
  })
}

export const SECOND = 1000
export const MINUTE: number = 60 * SECOND
export const HOUR: number = 60 * MINUTE
export const DAY: number = 24 * HOUR
