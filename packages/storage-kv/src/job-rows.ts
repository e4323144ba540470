import type { JobEntry, LaneEntry, LaterTasks, LoadingBatch } from '@outdial/core/store'
import { decode, encode } from './codec.js'
import { jobKey, jobPartKey, laterKey } from './layout.js'
import type { Reads } from './reads.js'
import type { Write } from './span.js'

/** Kept apart from the rest of a record: large, and in most steps not looked at. */
const PARTS = ['spec', 'told', 'batches', 'lanes', 'loading'] as const
type Part = (typeof PARTS)[number]

/** What is stored under a job's key. */
interface Head {
  ordinal: number
  /** Tasks that were appended, those of the open batch included. */
  length: number
  /** Events up to this one are gone. */
  trimmed: number
  job: Omit<JobEntry, Part>
  /** Where the cursor of each lane stands: `[lane, range, next]`, and what fresh tasks are owed. */
  cursors: readonly (readonly [lane: number, range: number, next: number, owed?: number])[]
}

type StoredLane = Omit<LaneEntry, 'range' | 'next' | 'owed'>
/** `chunks`: entries of deferred tasks that were stored. */
type StoredBatch = Omit<LoadingBatch, 'later'> & { chunks: number }

/** A job's record with what the store keeps beside it. The large parts are read when a rule looks at them. */
export class JobRow {
  readonly entry: JobEntry
  readonly ordinal: number
  length: number
  trimmed: number
  readonly #reads: Reads
  #cursors: Head['cursors']

  private constructor(reads: Reads, entry: JobEntry, head: Omit<Head, 'job'>) {
    this.#reads = reads
    this.entry = entry
    this.ordinal = head.ordinal
    this.length = head.length
    this.trimmed = head.trimmed
    this.#cursors = head.cursors
  }

  static made(reads: Reads, entry: JobEntry, ordinal: number): JobRow {
    return new JobRow(reads, entry, { ordinal, length: 0, trimmed: 0, cursors: [] })
  }

  static read(reads: Reads, id: string): JobRow | undefined {
    const text = reads.get(jobKey(id))
    if (text === undefined) return undefined
    const { job, ...head } = decode<Head>(text)
    const row = new JobRow(reads, job as JobEntry, head)
    for (const name of PARTS) row.#readLater(name)
    return row
  }

  flush(write: Write): void {
    for (const name of PARTS) if (!this.#unread(name)) this.#writePart(name, write)
    const job: Record<string, unknown> = {}
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(this.entry))) {
      if (!(PARTS as readonly string[]).includes(name)) job[name] = value
    }
    const { ordinal, length, trimmed } = this
    write(jobKey(this.entry.id), encode({ ordinal, length, trimmed, job, cursors: this.#cursors }))
  }

  #readLater(name: Part): void {
    const define = (value: unknown) =>
      Object.defineProperty(this.entry, name, { value, writable: true, enumerable: true, configurable: true })
    Object.defineProperty(this.entry, name, {
      get: () => {
        const value = this.#readPart(name)
        define(value)
        return value
      },
      set: define,
      enumerable: true,
      configurable: true,
    })
  }

  #unread(name: Part): boolean {
    return Object.getOwnPropertyDescriptor(this.entry, name)?.get !== undefined
  }

  #readPart(name: Part): unknown {
    const text = this.#reads.get(jobPartKey(this.ordinal, name))
    if (text === undefined) return undefined
    if (name === 'lanes') {
      return decode<StoredLane[]>(text).map((lane) => {
        const [, range = 0, next = 0, owed] = this.#cursors.find((cursor) => cursor[0] === lane.lane) ?? []
        return { ...lane, range, next, ...(owed !== undefined && { owed }) }
      })
    }
    if (name !== 'loading') return decode(text)
    const { chunks, ...batch } = decode<StoredBatch>(text)
    return { ...batch, later: new Later(this.#reads, this.ordinal, chunks) }
  }

  #writePart(name: Part, write: Write): void {
    const { entry, ordinal } = this
    let value: unknown = entry[name]
    if (name === 'lanes') {
      this.#cursors = entry.lanes.map(({ lane, range, next, owed }) =>
        owed === undefined ? [lane, range, next] : [lane, range, next, owed],
      )
      value = entry.lanes.map(({ range: _, next: __, owed: ___, ...lane }): StoredLane => lane)
    }
    if (name === 'loading' && entry.loading) {
      const { later, ...batch } = entry.loading
      value = { ...batch, chunks: Later.flush(later, ordinal, write) } satisfies StoredBatch
    }
    write(jobPartKey(ordinal, name), value === undefined ? undefined : encode(value))
  }
}

type LaterTask = LoadingBatch['later'] extends Iterable<infer T> ? T : never

/** The deferred tasks of an open batch: a chunk adds an entry and need not read the others. */
class Later implements LaterTasks {
  readonly #reads: Reads
  readonly #ordinal: number
  readonly #chunks: number
  readonly #added: LaterTask[] = []

  constructor(reads: Reads, ordinal: number, chunks: number) {
    this.#reads = reads
    this.#ordinal = ordinal
    this.#chunks = chunks
  }

  push(task: LaterTask): void {
    this.#added.push(task)
  }

  *[Symbol.iterator](): Generator<LaterTask> {
    const keys = Array.from({ length: this.#chunks }, (_, chunk) => laterKey(this.#ordinal, chunk))
    this.#reads.expect(keys)
    for (const key of keys) yield* decode<LaterTask[]>(this.#reads.get(key) ?? '[]')
    yield* this.#added
  }

  /** Writes what was added, and answers how many entries there are now. */
  static flush(later: LaterTasks, ordinal: number, write: Write): number {
    const [added, chunks] = later instanceof Later ? [later.#added, later.#chunks] : [[...later], 0]
    if (added.length === 0) return chunks
    write(laterKey(ordinal, chunks), encode(added))
    return chunks + 1
  }
}
