import type { Exchange, ExchangeReply, JobRecord, LedgerEntry, Limit, NewJob, Recount, Storage } from 'outdial'
import type { PolicyChange } from './policy-book.js'

/** A job as a store shows it right after a step, and counted anew from its tasks at the same moment. */
export interface Counted {
  job: JobRecord
  recount: Recount
}

/** Something that happened to the store or at a carrier, in the order in which it happened. */
export type Step = { at: number } & (
  | { kind: 'created'; job: NewJob }
  | { kind: 'exchanged'; request: Exchange; reply: ExchangeReply }
  | { kind: 'controlled'; before: JobRecord | undefined; after: JobRecord; limits: readonly Limit[] }
  | { kind: 'limited'; limits: readonly Limit[] }
  | { kind: 'counted'; jobs: readonly Counted[] }
  | { kind: 'carrier'; route: string; entry: LedgerEntry }
  /** An engine tells that a number is closed because its calls are blocked. */
  | { kind: 'closed number'; organization: string; number: string; until: number }
  /** A user asks for a change of what limits calls, and hears that it was made, or that it was not. */
  | { kind: 'asked' | 'heard' | 'refused'; change: PolicyChange }
)

/** Looks at steps and complains. */
export interface Check {
  see(step: Step): void
}

/** Where checks write what they find. */
export type Complain = (guarantee: string, message: string) => void

/**
 * Takes steps in the order in which they happened, though answers of a store come as promises, and shows them to the
 * checks one after the other.
 */
export class Steps {
  readonly #checks: readonly Check[]
  #tail: Promise<void> = Promise.resolve()
  count = 0

  constructor(checks: readonly Check[]) {
    this.#checks = checks
  }

  /** `make` is awaited in its turn; what it answers may be nothing, when the thing did not happen. */
  add(make: () => Promise<readonly Step[]> | readonly Step[]): void {
    this.#tail = this.#tail.then(async () => {
      for (const step of await make()) {
        this.count++
        for (const check of this.#checks) check.see(step)
      }
    })
  }

  settled(): Promise<void> {
    return this.#tail
  }
}

/** Asks a store for all its jobs at this very moment: the questions are put before anything else can happen. */
export function capture(store: Storage, jobIds: readonly string[]): Promise<Counted[]> {
  const answers = jobIds.map(async (id) => {
    const asked = [store.getJob(id), store.recount(id).catch(() => undefined)] as const
    const [job, recount] = await Promise.all(asked)
    return job && recount ? [{ job, recount }] : []
  })
  return Promise.all(answers).then((found) => found.flat())
}
