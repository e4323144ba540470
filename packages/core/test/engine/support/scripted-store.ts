import type { Exchange, ExchangeReply, Fence, Report, Storage, StorageCapabilities } from '../../../src/index.js'

type Answer = Partial<ExchangeReply> | Error | Promise<Partial<ExchangeReply>>
type WorkQuery = Parameters<Storage['waitForWork']>[0]

/** A store that answers exchanges as a test says, and keeps what it was asked. */
export class ScriptedStore {
  readonly exchanges: (Exchange & { at: number })[] = []
  readonly watches: (WorkQuery & { resolve: () => void; reject: (error: Error) => void })[] = []
  /** What is answered next; afterwards: that all of it was applied, and nothing claimed. */
  readonly answers: Answer[] = []
  readonly capabilities: StorageCapabilities
  now: () => number = () => 0

  constructor(batch = 100) {
    this.capabilities = { portVersion: 2, shared: false, durable: true, batch, channels: 1 }
  }

  /** The methods of a storage that a channel uses. */
  methods(): Partial<Storage> {
    return {
      capabilities: this.capabilities,
      exchange: async (request) => {
        this.exchanges.push({ ...request, at: this.now() })
        const answer = await this.answers.shift()
        if (answer instanceof Error) throw answer
        return { ...this.#applied(request), ...answer }
      },
      waitForWork: (query) =>
        new Promise<void>((resolve, reject) => {
          this.watches.push({ ...query, resolve, reject })
        }),
    }
  }

  #applied({ reports, fences }: Exchange): ExchangeReply {
    return {
      now: this.now(),
      reports: reports.map(() => 'applied'),
      fences: fences.map(() => ({ status: 'gone' })),
      claims: [],
      jobs: [],
      wakeAt: Number.POSITIVE_INFINITY,
    }
  }
}

export function doubt(ref: string): Report {
  return { kind: 'doubt', ref, checkAt: 0 }
}

export function progress(ref: string): Report {
  return { kind: 'progress', ref, rank: 1, state: 'ringing' }
}

export function fence(claim: string): Fence {
  return { claim, all: [], anyOf: [], absent: [], until: Number.POSITIVE_INFINITY, checkAfter: 0, memo: '' }
}
