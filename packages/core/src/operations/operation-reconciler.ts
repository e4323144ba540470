import type { Host } from '../engine/host.js'
import type { Reconciler } from '../engine/watch.js'
import type { JobCache } from '../jobs/job-cache.js'
import type { JobContext, OperationSpec } from '../jobs/spec.js'
import { DAY, MINUTE, SECOND } from '../policy/duration.js'
import type { LiveRecord } from '../ports/storage-exchange.js'
import type { BackendDesk } from './backend-desk.js'
import { sameJson } from './json.js'
import { type LiveOperation, reviveOperation } from './live-operation.js'
import type { OperationBook } from './operation-book.js'
import type { OperationGuard } from './operation-guard.js'

/** A request written at the last moment may be under way so long before the back end has it. */
const TRANSIT = 30 * SECOND
/** A back end that cannot be asked at all may answer late; after this nobody waits for it any more. */
const LATE_ANSWER: number = 5 * MINUTE
/** One that could be asked and does not answer is asked for so long. */
const ASKED_FOR: number = DAY
/** A repetition is begun within this time or not at all, so that it never meets what came later. */
const START_WITHIN = 2 * SECOND
/** And is looked at again when nothing has been heard of it by then. */
const LOOK_AFTER = 37 * SECOND

/**
 * Finds out what became of operations of which nobody has said so: whose worker died between fence and answer, whose
 * answer was lost. A creation is looked for, and may be repeated only on proof that it was not made; changes and deletions
 * are harmless to repeat, and are repeated unless their job has been stopped.
 */
export class OperationReconciler implements Reconciler {
  readonly routes: readonly string[]
  readonly #host: Host
  readonly #jobs: JobCache
  readonly #book: OperationBook
  readonly #desk: BackendDesk
  readonly #guard: OperationGuard

  constructor(host: Host, jobs: JobCache, book: OperationBook, desk: BackendDesk, guard: OperationGuard) {
    this.#host = host
    this.#jobs = jobs
    this.#book = book
    this.#desk = desk
    this.#guard = guard
    this.routes = [desk.route]
  }

  /** Looks at one attempt that is due for a look. Not waited for: a back end that is slow would keep calls from being looked at. */
  async look(record: LiveRecord): Promise<void> {
    const end = this.#book.begin(record.ref)
    if (!end) return
    this.#find(record)
      .catch((error: unknown) => this.#host.events.emit('storage.failed', { error, retryIn: LOOK_AFTER }))
      .finally(end)
  }

  async #find(record: LiveRecord): Promise<void> {
    const found = await this.#revive(record)
    if (!found) return
    if (found.live.task.method === 'create') return this.#findCreated(found.live)
    if (found.stopped) return this.#findTraces(found.live)
    return this.#desk.limit(() => this.#repeat(record))
  }

  /** The operation as it is now, and whether its job has been stopped. */
  async #revive(record: LiveRecord): Promise<{ live: LiveOperation; stopped: boolean } | undefined> {
    const job = await this.#host.storage.getJob(record.jobId)
    if (!job) return undefined
    const live = reviveOperation(this.#jobs.learn(job) as JobContext<OperationSpec>, record)
    return { live, stopped: job.sweep !== undefined }
  }

  /** Whether the resource was made. That it is not there is proof once it would have been seen. */
  async #findCreated(live: LiveOperation): Promise<void> {
    const { createVisibility } = this.#desk.backend.capabilities
    const now = this.#host.now()
    if (createVisibility === false) {
      if (now < live.startBy + LATE_ANSWER) return this.#book.doubt(live, live.startBy + LATE_ANSWER - now)
      return this.#book.giveUp(live, 'the back end cannot say whether it was created')
    }
    const found = await this.#desk.findCreated(live)
    if (found.status === 'found') return this.#book.done(live, found.resource)
    const late = TRANSIT + createVisibility
    const visible = live.startBy + late
    // What the store's clock has leapt over has not passed.
    const seen = now > visible && this.#host.steadyFor() > late
    if (found.status === 'none' && seen) return this.#book.notApplied(live, 'the back end has not created it')
    if (found.status === 'failed') this.#failed(live, found.message)
    if (now > visible + ASKED_FOR) return this.#book.giveUp(live, 'the back end did not say whether it was created')
    return this.#book.doubt(live, 0)
  }

  /** A paused job begins nothing, but ends what it has begun: what stayed in doubt would keep its slot from all others. */
  async #repeat(record: LiveRecord): Promise<void> {
    // It may have waited for its turn: whoever has stopped the job meanwhile is obeyed.
    const { live, stopped } = (await this.#revive(record)) ?? {}
    if (!live || stopped) return
    const { tries } = live.memo
    if (tries >= live.job.spec.attempts)
      return this.#book.giveUp(live, `nobody can say what came of it after ${tries} tries`)
    const lastStart = this.#host.clock.monotonic() + START_WITHIN
    if (!(await this.#book.repeat(live, LOOK_AFTER))) return
    const startable = () => this.#host.clock.monotonic() <= lastStart
    const answer = startable() ? await this.#guard.apply(live, startable) : ({ status: 'notSent' } as const)
    return this.#book.settle(live, answer)
  }

  /**
   * The job has been stopped, so nothing is applied any more. What can be seen to have been done counts as done; for the
   * rest nobody can say whether it may still happen.
   */
  async #findTraces(live: LiveOperation): Promise<void> {
    const { task, job, data, startBy } = live
    const now = this.#host.now()
    const found = await this.#desk.find(task, job.spec.field ?? '')
    if (task.method === 'delete' && found.status === 'none') return this.#book.done(live, undefined)
    if (task.method === 'update' && found.status === 'found') {
      const { fields } = found.resource
      const changed = Object.entries(data).every(([name, value]) => sameJson(fields[name], value))
      if (changed) return this.#book.done(live, found.resource)
    }
    if (found.status === 'failed') this.#failed(live, found.message)
    if (now > startBy + TRANSIT + (found.status === 'failed' ? ASKED_FOR : 0)) {
      return this.#book.giveUp(live, 'the job was stopped while nobody could say what came of it')
    }
    return this.#book.doubt(live, 0)
  }

  #failed({ job, ref }: LiveOperation, message: string): void {
    this.#host.events.emit('carrier.failed', { route: job.route, reason: 'lookup', message, ref })
  }
}
