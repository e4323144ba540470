import type { Conversation } from '../engine/channel.js'
import type { Host } from '../engine/host.js'
import type { Operation } from '../events/event-map.js'
import { infrastructureBackoff } from '../policy/retry.js'
import type { Applied, Resource } from '../ports/resources.js'
import type { Report } from '../ports/storage-exchange.js'
import type { Next } from '../ports/storage-jobs.js'
import type { LiveOperation, OperationMemo, OperationRecord } from './live-operation.js'
import { shownResource } from './secrets.js'

/** What a request came to. `notSent`: it was too late to write it. `overtaken`: nothing was written, another worker has it. */
export type Answer = Applied | { status: 'notSent' } | { status: 'overtaken' }

/** A creation of which nobody knows is looked for after so long: sooner than "not found" would prove anything, since it may be found. */
const LOOK_SOON = 2000
/** One that came too late to be started is tried again after so long. */
const START_AGAIN = 1000

/**
 * The operations under way in this worker, and the only place where what is learned of one becomes reports to the store.
 * The promises it gives resolve when the store has answered.
 */
export class OperationBook {
  readonly #host: Host
  readonly #channel: Conversation
  readonly #busy: Set<string> = new Set()
  readonly #waiting: (() => void)[] = []

  constructor(host: Host, channel: Conversation) {
    this.#host = host
    this.#channel = channel
  }

  /** Operations that this worker is busy with. Those that nobody knows of are the store's. */
  get size(): number {
    return this.#busy.size
  }

  /** Begins to be busy with an operation; `undefined` when it is already. Returns how to end that. */
  begin(ref: string): (() => void) | undefined {
    if (this.#busy.has(ref)) return undefined
    this.#busy.add(ref)
    return () => {
      this.#busy.delete(ref)
      if (this.#busy.size === 0) for (const resolve of this.#waiting.splice(0)) resolve()
    }
  }

  /** Resolves when this worker is busy with none. */
  async emptied(): Promise<void> {
    while (this.#busy.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Takes an answer of the back end. */
  settle(live: LiveOperation, answer: Answer): Promise<void> {
    switch (answer.status) {
      case 'overtaken':
        return Promise.resolve()
      case 'done':
        return this.done(live, answer.resource)
      case 'failed': {
        const { errors } = answer
        return this.#close(live, { status: 'failed', errors }, false, { terminal: 'failed', reason: 'rejected' })
      }
      case 'unknown':
        return this.#lost(live, answer.message)
      case 'notSent':
        return this.#refused(live, { status: 'not_sent', message: 'too late to start' }, START_AGAIN, live.memo.refused)
      default:
        return this.#putOff(live, answer)
    }
  }

  /**
   * Takes an answer that came after its time-out. A creation is asked for once per attempt, so that any answer is the
   * answer; other operations may be under way again, so that only success is.
   */
  late(live: LiveOperation, answer: Answer): void {
    if (answer.status === 'unknown' || (answer.status !== 'done' && live.task.method !== 'create')) return
    void this.settle(live, answer)
  }

  /** It is applied. */
  done(live: LiveOperation, resource: Resource | undefined): Promise<void> {
    const seen = resource && shownResource(resource, live.job.spec.secrets)
    const record = { status: 'done', ...(seen && { resource: seen }) } as const
    return this.#close(live, record, true, { terminal: 'succeeded', reason: 'done' })
  }

  /** It is proven that the request has not been applied, and never will be. */
  notApplied(live: LiveOperation, message: string): Promise<void> {
    const { tries } = live.memo
    const record = { status: 'not_applied', message } as const
    if (tries >= live.job.spec.attempts) {
      return this.#close(live, record, false, { terminal: 'failed', reason: 'attempts_exhausted' })
    }
    const wait = infrastructureBackoff(tries, this.#host.random.next())
    const memo: OperationMemo = { tries, refused: 0 }
    return this.#close(live, record, false, this.#waits(wait, memo, 'not_applied'))
  }

  /** Nobody will ever know: it counts as applied, and is not repeated. */
  giveUp(live: LiveOperation, message: string): Promise<void> {
    return this.#close(live, { status: 'unknown', message }, true, { terminal: 'failed', reason: 'outcome_unknown' })
  }

  /** Nobody can say what came of it, for now. Known as such already: nothing. */
  async doubt(live: LiveOperation, checkIn: number, message?: string, memo?: OperationMemo): Promise<void> {
    if (live.closing || live.unknown) return
    live.unknown = true
    const { ref, task } = live
    const checkAt = this.#host.now() + checkIn
    const applied = await this.#report({ kind: 'doubt', ref, checkAt, ...(memo && { memo: JSON.stringify(memo) }) })
    if (applied) this.#host.events.emit('operation.unknown', { task, ref, ...(message !== undefined && { message }) })
  }

  /**
   * Makes sure that this worker, and no other, repeats an operation, and that the repetition is counted before it is sent.
   * Somebody looks at it in `checkIn` if no more is heard of it.
   */
  repeat(live: LiveOperation, checkIn: number): Promise<boolean> {
    return this.#advance(live, { ...live.memo, tries: live.memo.tries + 1 }, checkIn)
  }

  /**
   * Makes sure that this worker, and no other, goes on with an operation, and that the resource as it is now is stored
   * before anything is asked of the back end that may change it.
   */
  keep(live: LiveOperation, before: Resource | undefined, checkIn: number): Promise<boolean> {
    return this.#advance(live, { ...live.memo, ...(before && { before }) }, checkIn)
  }

  async #advance(live: LiveOperation, memo: OperationMemo, checkIn: number): Promise<boolean> {
    const { ref } = live
    const rank = live.rank + 1
    const checkAt = this.#host.now() + checkIn
    const applied = await this.#report({
      kind: 'progress',
      ref,
      rank,
      state: 'applying',
      memo: JSON.stringify(memo),
      checkAt,
    })
    if (applied) Object.assign(live, { memo, rank, unknown: false })
    return applied
  }

  #lost(live: LiveOperation, message: string | undefined): Promise<void> {
    const { task, memo, job } = live
    if (task.method === 'create') return this.doubt(live, LOOK_SOON, message)
    if (memo.tries >= job.spec.attempts) return this.giveUp(live, message ?? 'nobody can say what came of it')
    return this.doubt(live, infrastructureBackoff(memo.tries, this.#host.random.next()), message)
  }

  /** The back end says to come again. That is its own trouble: nothing is burned, however often it happens. */
  #putOff(live: LiveOperation, answer: Extract<Applied, { status: 'throttled' | 'unavailable' }>): Promise<void> {
    const { status, message, retryAfter = 0 } = answer
    const refused = live.memo.refused + 1
    const route = live.job.route
    this.#host.events.emit('carrier.failed', { route, reason: status, message: message ?? status, ref: live.ref })
    const wait = Math.max(retryAfter, infrastructureBackoff(refused, this.#host.random.next()))
    return this.#refused(live, { status, ...(message !== undefined && { message }) }, wait, refused)
  }

  /** This request has not been applied. What that means of the attempt depends on whether there was another before. */
  #refused(live: LiveOperation, record: Ended, wait: number, refused: number): Promise<void> {
    const tries = live.memo.tries - 1
    if (!live.repeated) return this.#close(live, record, false, this.#waits(wait, { tries, refused }, record.status))
    return this.doubt(live, wait, record.message, { ...live.memo, tries, refused })
  }

  #waits(wait: number, memo: OperationMemo, reason: string): Next {
    return { waitUntil: this.#host.now() + wait, memo: JSON.stringify(memo), reasons: [reason] }
  }

  async #close(live: LiveOperation, end: Ended, applied: boolean, next: Next): Promise<void> {
    if (live.closing) return
    live.closing = true
    const { ref, attempt, task, memo } = live
    const ended = memo.before && 'terminal' in next ? { ...end, before: memo.before } : end
    const operation = operationOf({ ref, attempt, ...ended })
    const stored = await this.#report({
      kind: 'close',
      ref,
      placed: applied,
      outcome: operation?.status ?? '',
      result: written({ ref, attempt, ...ended }),
      next,
    })
    if (!stored) return
    const { events } = this.#host
    if (operation) events.emit('operation.ended', { task, operation })
    if ('terminal' in next) events.emit('operation.task.ended', { task, state: next.terminal, reason: next.reason })
  }

  #report(report: Report): Promise<boolean> {
    return new Promise((resolve) => this.#channel.report(report, (answer) => resolve(answer === 'applied')))
  }
}

type Ended = Omit<OperationRecord, 'ref' | 'attempt'>

/** The operation that events tell of; an attempt of which it is proven that nothing was applied is none. */
function operationOf({ ref, attempt, status, before, resource, errors }: OperationRecord): Operation | undefined {
  if (status !== 'done' && status !== 'failed' && status !== 'unknown') return undefined
  return { ref, attempt, status, ...(before && { before }), ...(resource && { resource }), ...(errors && { errors }) }
}

/** A back end may give fields that cannot be written down; that must not lose what came of the operation. */
function written(record: OperationRecord): string {
  try {
    return JSON.stringify(record)
  } catch (error) {
    const { ref, attempt, status, before } = record
    return JSON.stringify({ ref, attempt, status, before, message: `the resource is not JSON: ${String(error)}` })
  }
}
