import type { Storage } from '../ports/storage.js'
import type { JobRecord } from '../ports/storage-jobs.js'
import { type JobContext, type JobSpec, jobContext } from './spec.js'

/** Jobs kept parsed; the ones unused for longest are forgotten. */
const MOST = 2000

/** The jobs that a worker deals with, read again when the store says that they have changed. */
export class JobCache {
  readonly #storage: Storage
  readonly #known: Map<string, JobContext> = new Map()
  readonly #reading: Map<string, Promise<JobContext | undefined>> = new Map()

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** The job at this revision or a later one, if it is known here. */
  known(jobId: string, revision: number): JobContext | undefined {
    const job = this.#known.get(jobId)
    return job && job.revision >= revision ? job : undefined
  }

  /** The same, from the store if need be; `undefined` when there is no such job. */
  async get(jobId: string, revision: number): Promise<JobContext | undefined> {
    const known = this.known(jobId, revision)
    if (known) return known
    const key = `${jobId}@${revision}`
    let reading = this.#reading.get(key)
    if (!reading) {
      reading = this.#storage
        .getJob(jobId)
        .then((record) => record && this.learn(record))
        .finally(() => this.#reading.delete(key))
      this.#reading.set(key, reading)
    }
    return reading
  }

  /** Remembers a record just read. */
  learn(record: JobRecord): JobContext {
    const { id, revision } = record
    const known = this.#known.get(id)
    if (known && known.revision >= revision) return known
    const context = jobContext(record, JSON.parse(record.spec) as JobSpec)
    this.#known.delete(id)
    this.#known.set(id, context)
    if (this.#known.size > MOST) this.#known.delete(this.#known.keys().next().value as string)
    return context
  }
}
