import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type CreateEngineOptions,
  createEngine,
  type Engine,
  memoryAccounts,
  memoryDirectory,
  memoryStorage,
  type SimulatedCarrier,
  type SimulatedCarrierOptions,
  type SimulatedInventory,
  type SimulatedInventoryOptions,
  type Storage,
  seededIds,
  seededRandom,
  simulatedCarrier,
  simulatedInventory,
  type VirtualClock,
  virtualClock,
} from 'outdial'
import {
  createHttpTransport,
  type Dialect,
  type HttpTransport,
  type HttpTransportOptions,
  type RequestLog,
} from '../../src/index.js'
import { nodeHandler } from '../../src/node.js'
import { CALLER_IDS, NUMBERS } from './people.js'

export interface WorldOptions {
  dialects: readonly Dialect[]
  storage?: Storage
  /** Default: one that is moved by hand. For stores that have a time of their own: one that flows. */
  clock?: VirtualClock
  carrier?: SimulatedCarrierOptions
  inventory?: SimulatedInventoryOptions
  transport?: Partial<HttpTransportOptions>
  /** Beside what the world gives its engine. */
  engine?: Pick<CreateEngineOptions, 'rates' | 'accounts' | 'directory' | 'ledger'>
}

/** Keys of the two organizations, and one that may only read. */
export const KEYS = {
  acme: { key: 'acme-key-0123456789', secret: 'acme-secret-0123456789' },
  globex: { key: 'globex-key-0123456789', secret: 'globex-secret-0123456789' },
  reader: { key: 'reader-key-0123456789', secret: 'reader-secret-0123456789' },
} as const
export type Who = keyof typeof KEYS

const READ = ['calls.read', 'numbers.read', 'batch.read']

/**
 * A transport on a real socket, over an engine on a clock that is moved by hand, with a simulated carrier and inventory
 * and two organizations that must not see each other.
 */
export class World {
  readonly clock: VirtualClock
  readonly storage: Storage
  readonly carrier: SimulatedCarrier
  readonly inventory: SimulatedInventory
  readonly engine: Engine
  readonly transport: HttpTransport
  readonly errors: unknown[] = []
  readonly log: RequestLog[] = []
  readonly #server: Server
  #base = ''

  constructor(options: WorldOptions) {
    const { clock = virtualClock() } = options
    this.clock = clock
    this.storage = options.storage ?? memoryStorage()
    this.carrier = simulatedCarrier({
      seed: 1,
      clock,
      outcomes: { answered: 1 },
      setup: [1000, 1000],
      ring: [5000, 5000],
      talk: [30_000, 30_000],
      ...options.carrier,
    })
    // Questions are answered at once: handlers ask some before they answer, and nobody moves the clock meanwhile.
    this.inventory = simulatedInventory({
      seed: 1,
      clock,
      numbers: NUMBERS,
      latency: [50, 50],
      lookupLatency: [0, 0],
      ...options.inventory,
    })
    const directory = memoryDirectory({
      organizations: [{ id: 'acme', concurrency: 5, account: 'acme-money' }, { id: 'globex' }],
      numbers: CALLER_IDS.map((phone, i) => ({
        id: `pn_${i}`,
        phone,
        organization: i < 2 ? 'acme' : 'globex',
        // The second one has nobody behind it.
        ...(i !== 1 && { agent: `agent_${i}`, metadata: { architecture: 'pipeline' } }),
      })),
      // Services that use a pair, and those that use the key alone.
      keys: (Object.entries(KEYS) as [Who, { key: string; secret: string }][]).flatMap(([who, { key, secret }]) => {
        const rights = who === 'reader' ? { organization: 'acme', scopes: READ } : { organization: who }
        return [
          { key, secret, ...rights },
          { key, ...rights },
        ]
      }),
    })
    const accounts = memoryAccounts({ 'acme-money': 100_000 })
    this.engine = createEngine({
      storage: this.storage,
      carriers: { sim: this.carrier },
      resources: [this.inventory],
      directory,
      accounts,
      clock,
      ids: seededIds('world'),
      random: seededRandom('world'),
      ...options.engine,
    } as CreateEngineOptions) as Engine
    this.transport = createHttpTransport({
      engine: this.engine,
      directory,
      accounts,
      resources: [this.inventory],
      carrier: 'sim',
      clock,
      limits: { rate: 1e6, burst: 1e6, unknownRate: 1e6 },
      onError: (error) => this.errors.push(error),
      onRequest: (entry) => this.log.push(entry),
      ...options.transport,
      dialects: options.dialects,
    })
    const handler = nodeHandler(this.transport)
    this.#server = createServer((request, response) => void handler(request, response))
  }

  /** Listens, and starts the engine. */
  static async open(options: WorldOptions): Promise<World> {
    const world = new World(options)
    await new Promise<void>((resolve) => world.#server.listen(0, '127.0.0.1', resolve))
    world.#base = `http://127.0.0.1:${(world.#server.address() as AddressInfo).port}`
    await world.engine.start()
    return world
  }

  /** Where it is: `http://127.0.0.1:PORT`. */
  get base(): string {
    return this.#base
  }

  /** Moves time on, so that calls ring, end and are tried again. */
  advance(ms: number): Promise<void> {
    return this.clock.advance(ms)
  }

  /** Moves time on while something is waited for that takes time: an answer, a stream. */
  async meanwhile<T>(coming: Promise<T>, step = 500): Promise<T> {
    let over = false
    const settled = coming.finally(() => {
      over = true
    })
    settled.catch(() => {})
    while (!over) {
      await this.advance(step)
      // Sockets have their say.
      await new Promise((resolve) => setImmediate(resolve))
    }
    return settled
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(path.startsWith('http') ? path : `${this.base}${path}`, init)
  }

  /** Closes everything, and fails when a defect was reported meanwhile. */
  async close(): Promise<void> {
    void this.transport.close()
    const stopped = this.engine.stop({ drain: 0 })
    await this.clock.advance(5000)
    await stopped
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
    if (this.errors.length > 0) throw new AggregateError(this.errors, 'the transport reported defects')
  }
}
