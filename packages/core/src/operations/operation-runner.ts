import type { Host } from '../engine/host.js'
import type { Ready, Returned, Runner, Verdict } from '../engine/runner.js'
import type { OperationTask } from '../events/event-map.js'
import type { JobContext, OperationSpec } from '../jobs/spec.js'
import type { ClaimedTask, Fenced } from '../ports/storage-exchange.js'
import type { Next } from '../ports/storage-jobs.js'
import type { BackendDesk } from './backend-desk.js'
import { Breaker } from './breaker.js'
import type { JsonObject } from './json.js'
import {
  dataOf,
  type LiveOperation,
  type OperationMemo,
  type OperationPayload,
  operationTask,
  readMemo,
} from './live-operation.js'
import type { OperationBook } from './operation-book.js'
import type { OperationGuard } from './operation-guard.js'

/** An item that may begin. */
interface Begin extends Ready {
  readonly task: OperationTask
  readonly data: JsonObject
  readonly memo: OperationMemo
}

/** After the last moment at which a request may be written and be waited for, somebody looks whether it was. */
const LOOK_AFTER = 35_000
/** Nothing but pace and the job itself refuses an operation; what has no time of its own is asked again after this. */
const LATER = 60_000

/** Applies the operations of one type of resource. */
export class OperationRunner implements Runner<Begin> {
  readonly route: string
  readonly #host: Host
  readonly #desk: BackendDesk
  readonly #book: OperationBook
  readonly #guard: OperationGuard
  readonly #breaker: Breaker

  /** @param again - Has the worker look for work, when there may be room for it again. */
  constructor(host: Host, desk: BackendDesk, book: OperationBook, guard: OperationGuard, again: () => void) {
    this.#host = host
    this.#desk = desk
    this.#book = book
    this.#guard = guard
    this.route = desk.route
    this.#breaker = new Breaker(host, desk.backend.capabilities.concurrency, again)
  }

  get atOnce(): number {
    return this.#breaker.room
  }

  decide(job: JobContext, claimed: ClaimedTask, now: number): Verdict<Begin> {
    const context = job as JobContext<OperationSpec>
    const { attempts, expiresAt = Number.POSITIVE_INFINITY } = context.spec
    const { tries, refused } = readMemo(claimed.memo)
    const payload = JSON.parse(claimed.payload) as OperationPayload
    const task = operationTask(context, claimed.index, payload)
    if (now >= expiresAt) return this.#ends(task, { terminal: 'expired', reason: 'expired' })
    if (tries >= attempts) return this.#ends(task, { terminal: 'failed', reason: 'attempts_exhausted' })
    const memo: OperationMemo = { tries: tries + 1, refused }
    const fence = {
      claim: claimed.claim,
      all: [],
      anyOf: [],
      absent: [],
      until: expiresAt,
      checkAfter: LOOK_AFTER,
      memo: JSON.stringify(memo),
    }
    return { begin: { fence, task, data: dataOf(context, payload), memo } }
  }

  refused(_job: JobContext, _begin: Begin, reasons: readonly string[], retryAt: number, now: number): Returned {
    // A job that was paused or stopped meanwhile, or has expired, decides by itself when its tasks go on.
    const stopped = reasons.some((reason) => reason === 'paused' || reason === 'canceling' || reason === 'until')
    const waitUntil = stopped ? 0 : retryAt < Number.POSITIVE_INFINITY ? retryAt : now + LATER
    return { next: { waitUntil, reasons } }
  }

  start(
    job: JobContext,
    begin: Begin,
    fenced: Extract<Fenced, { status: 'fenced' }>,
    startable: () => boolean,
    answered: () => void,
  ): void {
    void this.#apply(job, begin, fenced, startable)
      .catch((error: unknown) => this.#failed(error))
      .then(answered)
  }

  /** Resolves when the back end has answered. */
  async #apply(
    job: JobContext,
    begin: Begin,
    fenced: Extract<Fenced, { status: 'fenced' }>,
    startable: () => boolean,
  ): Promise<void> {
    const { ref, attempt, startBy } = fenced
    const live: LiveOperation = {
      ref,
      job: job as JobContext<OperationSpec>,
      task: begin.task,
      data: begin.data,
      attempt,
      startBy,
      memo: begin.memo,
      rank: 0,
      unknown: false,
      repeated: false,
      closing: false,
    }
    const end = this.#book.begin(ref)
    const answer = await this.#desk.limit(async () => {
      if (!startable()) return { status: 'notSent' } as const
      return this.#guard.apply(live, startable)
    })
    if (answer.status === 'throttled' || answer.status === 'unavailable') this.#breaker.putOff(answer.retryAfter)
    else if (answer.status === 'done' || answer.status === 'failed') this.#breaker.answered()
    // Not waited for: the next operation may begin while the store is told.
    void this.#book
      .settle(live, answer)
      .catch((error: unknown) => this.#failed(error))
      .finally(end)
  }

  /** What became of the operation nobody can say now: the watchdog finds out. */
  #failed(error: unknown): void {
    this.#host.events.emit('engine.failed', { error })
  }

  #ends(task: OperationTask, next: Extract<Next, { terminal: unknown }>): Verdict<Begin> {
    const { terminal, reason } = next
    return { next, tell: () => this.#host.events.emit('operation.task.ended', { task, state: terminal, reason }) }
  }
}
