import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import { stop } from '../jobs/change-job.js'
import type { IntakeReport } from '../jobs/intake-report.js'
import { type IfRevision, JobHandle } from '../jobs/job-handle.js'
import { parseReason } from '../jobs/reasons.js'
import type { JobSnapshot } from '../jobs/snapshot.js'
import { type JobContext, type JobSpec, jobContext, type OperationSpec } from '../jobs/spec.js'
import { isPosition } from '../jobs/task-view.js'
import type { TaskState } from '../lifecycle/task.js'
import type { TaskPlace, TaskRecord } from '../ports/storage-read.js'
import type { BackendDesk } from './backend-desk.js'
import type { CallerIdPool } from './caller-id-pool.js'
import { type OperationItem, operationItem } from './operation-view.js'
import { inOrder, type PlannedChange, type PlanSummary, plannedChange, summaryOf } from './plan.js'

/** Which items, by state. Default: all. */
export interface ItemQuery {
  states?: readonly TaskState[]
}

const PAGE = 500
const WAITING: readonly TaskPlace[] = ['fresh', 'deferred']

/** A bulk operation on resources. Start, approve, pause and resume as with every job. */
export class OperationJob extends JobHandle {
  readonly #desks: ReadonlyMap<string, BackendDesk>
  readonly #pool: CallerIdPool

  constructor(
    host: Host,
    { desks, pool }: { desks: ReadonlyMap<string, BackendDesk>; pool: CallerIdPool },
    id: string,
    intake: IntakeReport,
    replayed: boolean,
  ) {
    super(host, id, intake, replayed)
    this.#desks = desks
    this.#pool = pool
  }

  /**
   * Ends every waiting item as canceled; the job is canceled when the operations under way have ended. What is in doubt by
   * then is not done again: it is looked for, and ends as `outcome_unknown` if that shows nothing.
   */
  async cancel(options: IfRevision & { reason?: string } = {}): Promise<JobSnapshot> {
    const reason = parseReason(options.reason ?? 'canceled')
    return this.change((job) => stop(job, 'cancel', reason), options)
  }

  /**
   * What the waiting items would do if they were done now, in order: for the one who approves. The back end is asked
   * while this is read, a few entries ahead; what changes afterwards is not in it. A lookup that fails is an `error` of
   * its item; which campaigns call from a number that is to be deleted is as of the beginning. Needs the back end in this process: else `unknown_resource`.
   */
  async *plan(): AsyncGenerator<PlannedChange, void, undefined> {
    const job = await this.#context()
    const desk = this.#desks.get(job.spec.type)
    if (!desk) {
      const { type } = job.spec
      throw new OutdialError('unknown_resource', `This engine has no back end for '${type}', so it cannot plan.`, {
        type,
      })
    }
    const ahead = desk.backend.capabilities.concurrency
    const deletesNumbers = job.spec.method === 'delete' && desk.phone !== undefined
    const uses = deletesNumbers ? await this.#pool.uses(job.organization) : undefined
    yield* inOrder(this.#records(WAITING), ahead, (record) => plannedChange(desk, job, record, uses))
  }

  /** The plan in numbers. Reads all of it. */
  async planSummary(): Promise<PlanSummary> {
    const { spec } = await this.#context()
    return summaryOf(spec, this.plan())
  }

  /** The job's items in the order in which they were given. */
  async *items(query: ItemQuery = {}): AsyncGenerator<OperationItem, void, undefined> {
    const job = await this.#context()
    for await (const record of this.#records(placesOf(query))) yield operationItem(job, record)
  }

  /** A page of the job's items, at most `max` (default 100); give `cursor` back for the next. */
  async itemPage(
    query: ItemQuery & { cursor?: string; max?: number } = {},
  ): Promise<{ items: OperationItem[]; cursor?: string }> {
    const job = await this.#context()
    const { items, cursor } = await this.#page(placesOf(query), query.cursor, query.max ?? 100)
    return { items: items.map((record) => operationItem(job, record)), ...(cursor !== undefined && { cursor }) }
  }

  /** One item, by its position. `task_not_found` if there is none. */
  async item(index: number): Promise<OperationItem> {
    const job = await this.#context()
    const record = isPosition(index) ? await this.host.storage.getTask(this.id, index) : undefined
    if (!record) throw this.#noItem(index)
    return operationItem(job, record)
  }

  /** An item that waits is not done any more. Under way: `task_busy`; ended: `task_ended`; there is none: `task_not_found`. */
  async cancelItem(index: number, reason = 'canceled'): Promise<OperationItem> {
    parseReason(reason)
    if (!isPosition(index)) throw this.#noItem(index)
    await this.change(() => ({ task: { index, next: { terminal: 'canceled', reason } } }), {})
    const item = await this.item(index)
    this.host.events.emit('operation.task.ended', { task: item, state: 'canceled', reason })
    return item
  }

  #noItem(index: number): OutdialError {
    return new OutdialError('task_not_found', `Job ${this.id} has no item ${index}.`, { jobId: this.id, index })
  }

  /** Removes the data of an ended item for good; counters stay. */
  async redactItem(index: number): Promise<void> {
    if (!isPosition(index)) throw this.#noItem(index)
    await this.host.storage.redact(this.id, index)
  }

  /** Results of every item as text to write to a file, piece by piece: one JSON object a line. */
  async *results(_format: 'jsonl' = 'jsonl'): AsyncGenerator<string, void, undefined> {
    for await (const item of this.items()) yield `${JSON.stringify(item)}\n`
  }

  async *#records(places: readonly TaskPlace[] | undefined): AsyncGenerator<TaskRecord, void, undefined> {
    let cursor: string | undefined
    do {
      const page = await this.#page(places, cursor, PAGE)
      yield* page.items
      cursor = page.cursor
    } while (cursor !== undefined)
  }

  #page(places: readonly TaskPlace[] | undefined, cursor: string | undefined, max: number) {
    return this.host.storage.scanTasks(this.id, {
      max,
      ...(places && { places }),
      ...(cursor !== undefined && { cursor }),
    })
  }

  async #context(): Promise<JobContext<OperationSpec>> {
    const record = await this.read()
    const parsed = JSON.parse(record.spec) as JobSpec
    if (parsed.kind !== 'operations') {
      throw new OutdialError('job_not_found', `Job ${this.id} is no operations job.`, { jobId: this.id })
    }
    return jobContext(record, parsed)
  }
}

function placesOf({ states }: ItemQuery): readonly TaskPlace[] | undefined {
  return states?.flatMap((state): TaskPlace[] => (state === 'waiting' ? ['fresh', 'deferred'] : [state]))
}
