import pLimit, { type LimitFunction } from 'p-limit'
import { answerWithin } from '../engine/answer-within.js'
import type { Host } from '../engine/host.js'
import type { OperationTask } from '../events/event-map.js'
import type { Applied, OperationContext, Resource, ResourceBackend, Selector } from '../ports/resources.js'
import type { LiveOperation } from './live-operation.js'

/** What a search came to. `failed`: nobody knows. */
export type Found = { status: 'found'; resource: Resource } | { status: 'none' } | { status: 'failed'; message: string }

/** A back end that has not answered by then has lost the request, for all we know. */
const TIMEOUT = 30_000
const STATUSES: readonly unknown[] = ['done', 'failed', 'throttled', 'unavailable', 'unknown']

/** One back end as the engine asks it, by the route that its jobs go: so many things at once, an answer in time, and never an exception. */
export class BackendDesk {
  readonly route: string
  readonly backend: ResourceBackend
  /** Field that has the number, if campaigns can call from what it deletes. */
  readonly phone: string | undefined
  /** Operations go through it, repeated ones too, together with what has to be checked right before. */
  readonly limit: LimitFunction
  /** Searches have a queue of their own: whoever reads a long plan keeps no operation from its start. */
  readonly #searches: LimitFunction
  readonly #host: Host

  constructor(host: Host, backend: ResourceBackend) {
    this.#host = host
    this.backend = backend
    this.route = `resources:${backend.type}`
    const { phone = backend.type === 'phonenumber' && backend.capabilities.keys[0] } = backend.capabilities
    this.phone = phone === false ? undefined : phone
    this.limit = pLimit(backend.capabilities.concurrency)
    this.#searches = pLimit(backend.capabilities.concurrency)
  }

  /** Applies an operation; within {@link limit}. An answer that comes after the time-out goes to `late`. */
  apply(live: LiveOperation, startable: () => boolean, late: (answer: Applied) => void): Promise<Applied> {
    const { ref, task } = live
    const context: OperationContext = { organization: task.organization, ref, startable }
    return answerWithin(
      this.#host,
      TIMEOUT,
      async () => understood(await this.#ask(live, context)),
      (message) => ({ status: 'unknown', message }),
      late,
    )
  }

  /** The resource that an entry names. */
  find(task: OperationTask, field: string): Promise<Found> {
    const selector = { field, value: task.entry ?? '' }
    return this.#search(() => this.backend.find(task.organization, selector))
  }

  /** The same, right before it is changed: within {@link limit}. */
  findNow(task: OperationTask, field: string): Promise<Found> {
    return this.#look(() => this.backend.find(task.organization, { field, value: task.entry ?? '' }))
  }

  /** The resource that a creation of which nobody knows has made. */
  findCreated({ ref, task, data }: LiveOperation): Promise<Found> {
    return this.#search(() => this.backend.findCreated(data, { organization: task.organization, ref }))
  }

  #ask({ task, job, data }: LiveOperation, context: OperationContext): Promise<Applied> {
    const { entry = '' } = task
    const selector: Selector = { field: job.spec.field ?? '', value: entry }
    if (task.method === 'create') return this.backend.create(data, context)
    if (task.method === 'update') return this.backend.update(selector, data, context)
    return this.backend.delete(selector, context)
  }

  #search(search: () => Promise<Resource | undefined>): Promise<Found> {
    return this.#searches(() => this.#look(search))
  }

  #look(search: () => Promise<Resource | undefined>): Promise<Found> {
    const found = async (): Promise<Found> => {
      const resource = await search()
      return resource === undefined ? { status: 'none' } : { status: 'found', resource }
    }
    return answerWithin(this.#host, TIMEOUT, found, (message) => ({ status: 'failed', message }))
  }
}

/** An answer that is none of those in the contract proves nothing. */
function understood(answer: Applied): Applied {
  if (!STATUSES.includes((answer as Applied | undefined)?.status)) {
    return { status: 'unknown', message: 'the back end gave an answer that is none' }
  }
  return answer
}
