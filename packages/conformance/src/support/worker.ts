import type { ClaimedTask, Exchange, ExchangeReply, Fence, Fenced, Next, Report, Storage } from '@outdial/core'

type Part = Partial<Pick<Exchange, 'reports' | 'fences' | 'claims' | 'durable'>>

/** One exchange after the other on one channel. */
export class Worker {
  readonly channel: string
  /** May be changed for another client to the same data, as when a connection is made anew. */
  storage: Storage
  /** What was sent last. */
  last: Exchange | undefined
  #seq = 0

  constructor(storage: Storage, channel: string) {
    this.storage = storage
    this.channel = channel
  }

  async exchange(part: Part = {}): Promise<ExchangeReply> {
    this.last = { channel: this.channel, seq: ++this.#seq, reports: [], fences: [], claims: [], ...part }
    return this.storage.exchange(this.last)
  }

  /** Sends the last exchange again, as after a lost reply. */
  async again(): Promise<ExchangeReply> {
    if (!this.last) throw new Error('nothing was sent yet')
    return this.storage.exchange(this.last)
  }

  /** Asks for tasks of a route. */
  async claim(
    max: number,
    { route = 'r1', leaseMs = 10_000 }: { route?: string; leaseMs?: number } = {},
  ): Promise<ExchangeReply & { tasks: ClaimedTask[] }> {
    const reply = await this.exchange({ claims: [{ route, max, leaseMs }] })
    return { ...reply, tasks: reply.claims.flatMap(({ tasks }) => tasks) }
  }

  /** Claims exactly one task; its claim. */
  async take(options: { route?: string; leaseMs?: number } = {}): Promise<string> {
    const { tasks } = await this.claim(1, options)
    if (!tasks[0]) throw new Error('there was nothing to claim')
    return tasks[0].claim
  }

  async fence(claim: string, part: Partial<Fence> = {}): Promise<Fenced> {
    const { fences } = await this.exchange({ fences: [fenceOf(claim, part)] })
    return fences[0] as Fenced
  }

  /** Claims and fences tasks; their refs. */
  async dial(max: number, route = 'r1', part: Partial<Fence> = {}): Promise<string[]> {
    const { tasks } = await this.claim(max, { route })
    const { fences } = await this.exchange({ fences: tasks.map(({ claim }) => fenceOf(claim, part)) })
    return fences.map(refOf)
  }

  /** Claims and fences one task; its ref. */
  async call(route = 'r1', part: Partial<Fence> = {}): Promise<string> {
    return refOf(await this.fence(await this.take({ route }), part))
  }

  async report(...reports: Report[]): Promise<ExchangeReply['reports']> {
    return (await this.exchange({ reports })).reports
  }

  async end(ref: string): Promise<ExchangeReply['reports']> {
    return this.report(answered(ref))
  }
}

/** The ref of a fence that was granted. */
export function refOf(fenced: Fenced | undefined): string {
  if (fenced?.status !== 'fenced') throw new Error(`not fenced: ${JSON.stringify(fenced)}`)
  return fenced.ref
}

export function fenceOf(claim: string, part: Partial<Fence> = {}): Fence {
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

type Closing = Partial<Omit<Extract<Report, { kind: 'close' }>, 'kind' | 'ref'>>

/** The attempt is over; the task has succeeded unless said otherwise. */
export function closed(ref: string, part: Closing = {}): Report {
  return { kind: 'close', ref, placed: true, outcome: 'answered', result: '', next: SUCCEEDED, ...part }
}

export function answered(ref: string): Report {
  return closed(ref)
}

/** Gives a claim back; to be claimed again at once unless said otherwise. */
export function returned(claim: string, next: Next = AT_ONCE): Report {
  return { kind: 'return', claim, next }
}

export const AT_ONCE: Next = { waitUntil: 0 }
const SUCCEEDED: Next = { terminal: 'succeeded', reason: 'answered' }
