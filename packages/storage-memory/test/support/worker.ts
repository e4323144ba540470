import type { ClaimedTask, Exchange, ExchangeReply, Fence, Report, Storage } from '@outdial/core'

/** One exchange after the other on one channel. */
export class Worker {
  readonly #storage: Storage
  readonly #channel: string
  #seq = 0

  constructor(storage: Storage, channel: string) {
    this.#storage = storage
    this.#channel = channel
  }

  async exchange(part: Partial<Pick<Exchange, 'reports' | 'fences' | 'claims'>>): Promise<ExchangeReply> {
    return this.#storage.exchange({
      channel: this.#channel,
      seq: ++this.#seq,
      reports: [],
      fences: [],
      claims: [],
      ...part,
    })
  }

  /** Asks for tasks of a route. */
  async claim(max: number, { route = 'r1', leaseMs = 10_000 } = {}): Promise<ExchangeReply & { tasks: ClaimedTask[] }> {
    const reply = await this.exchange({ claims: [{ route, max, leaseMs }] })
    return { ...reply, tasks: reply.claims.flatMap(({ tasks }) => tasks) }
  }

  async fence(claim: string, part: Partial<Fence> = {}): Promise<ExchangeReply['fences'][0]> {
    const { fences } = await this.exchange({ fences: [fenceOf(claim, part)] })
    return fences[0] as ExchangeReply['fences'][0]
  }

  /** Claims and fences tasks; their refs. */
  async dial(max: number, route = 'r1'): Promise<string[]> {
    const { tasks } = await this.claim(max, { route })
    const { fences } = await this.exchange({ fences: tasks.map(({ claim }) => fenceOf(claim)) })
    return fences.map((fenced) => {
      if (fenced.status !== 'fenced') throw new Error(`refused: ${JSON.stringify(fenced)}`)
      return fenced.ref
    })
  }

  async report(...reports: Report[]): Promise<ExchangeReply> {
    return this.exchange({ reports })
  }

  async end(ref: string): Promise<ExchangeReply> {
    return this.report(answered(ref))
  }
}

function fenceOf(claim: string, part: Partial<Fence> = {}): Fence {
  return {
    claim,
    all: [],
    anyOf: [],
    absent: [],
    until: Number.POSITIVE_INFINITY,
    checkAfter: 60_000,
    memo: '',
    ...part,
  }
}

function answered(ref: string): Report {
  const next = { terminal: 'succeeded', reason: 'answered' } as const
  return { kind: 'close', ref, placed: true, outcome: 'answered', result: '', next }
}
