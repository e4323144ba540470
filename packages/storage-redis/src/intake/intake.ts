import type { BatchOpened, Chunk, Sealed, Staged } from '@outdial/core'
import type { Packed } from '../msgpack.js'
import { packBlocks } from '../payload-blocks.js'
import type { Server } from '../server.js'
import { KEY, KeyTable } from './key-table.js'

/** Pages that go to the server at once: some 400 kB. */
const PAGES_AT_ONCE = 128
/** First batches known at once; of another it is read again how far it is. */
const KNOWN = 32

/** How far a job's first batch is: it has gone up to the chunk with this number and this name. */
interface FirstBatch {
  readonly batch: string
  readonly keys: KeyTable
  seq: number
  chunk: string
  tasks: number
}

/** What the server says to who does not know how far a first batch is, or takes another for one. */
type GoneThrough = [known: false, seq?: number, chunk?: string, tasks?: number]
type StagedPacked = [first: number, accepted: number, duplicates: [position: number, of: number][]]

/** How a chunk goes to the server. */
interface PackedChunk {
  readonly chunk: object
  readonly bytes: readonly Buffer[]
  /** How many of its tasks are not duplicates, where that is known here. */
  readonly accepted: number
}

/**
 * Adding tasks. Duplicates in the first batch of a job are found here: nothing was before it, and whoever adds to it knows all of its keys, or
 * reads them. The server is told them as bytes; looking for each there would be most of what a contact costs. In later batches it looks itself.
 */
export class Intake {
  readonly #server: Server
  readonly #nonce: () => string
  /** By job. One that is being used is not here: whoever comes meanwhile finds out by itself, and so does everybody after a failure. */
  readonly #known: Map<string, FirstBatch> = new Map()

  constructor(server: Server, nonce: () => string) {
    this.#server = server
    this.#nonce = nonce
  }

  async open(jobId: string, batch: string, key: string): Promise<BatchOpened> {
    const told = await this.#server.run('openBatch', { jobId, batch, key })
    const [of, from, count, memo] = told as [string | boolean, number, number, string]
    if (typeof of === 'string') return { status: 'sealed', batch: of, first: from, count, memo }
    if (of && from === -1) this.#keep(jobId, { batch, keys: new KeyTable(), seq: -1, chunk: '', tasks: 0 })
    return { status: 'open' }
  }

  async stage(jobId: string, batch: string, chunk: Chunk): Promise<Staged> {
    for (;;) {
      const known = this.#take(jobId, batch)
      const next = known?.seq === chunk.seq - 1 ? known : undefined
      const packed = next ? ofFirstBatch(next, chunk) : ofLaterBatch(chunk)
      const nonce = this.#nonce()
      const args = { jobId, batch, after: known?.chunk, chunk: packed.chunk }
      const told = await this.#server.run('stage', args, { nonce, bytes: packed.bytes })
      if (isGoneThrough(told)) {
        await this.#read(jobId, batch, told)
        continue
      }
      const [staged, name] = told as unknown as [StagedPacked, string]
      if (next && name === nonce) {
        next.seq = chunk.seq
        next.chunk = name
        next.tasks += packed.accepted
      }
      if (known?.chunk === name) this.#keep(jobId, known)
      const [first, accepted, duplicates] = staged
      return { first, accepted, duplicates: duplicates.map(([position, of]) => ({ position, of })) }
    }
  }

  async seal(jobId: string, batch: string, expected: number, memo: string): Promise<Sealed> {
    for (;;) {
      const known = this.#take(jobId, batch)
      const told = await this.#sealAs({ jobId, batch, expected, memo, after: known?.chunk }, known?.keys.pages() ?? [])
      if (!isGoneThrough(told)) {
        const [first, count, revision] = told as [number, number, number]
        return { first, count, revision }
      }
      await this.#read(jobId, batch, told)
    }
  }

  /** Answers whether the job itself has to go. */
  async discard(jobId: string, batch: string): Promise<boolean> {
    this.#take(jobId, batch)
    return Boolean(await this.#server.run('discard', { jobId, batch }))
  }

  /** Pages first, some at a time, then what takes the server long, step by step; with the last of them the batch is sealed. */
  async #sealAs(args: object, pages: readonly Buffer[]): Promise<Packed> {
    let safe = pages.length <= PAGES_AT_ONCE
    for (let from = 0; ; from += PAGES_AT_ONCE) {
      const bytes = pages.slice(from, from + PAGES_AT_ONCE)
      const told = await this.#server.run('seal', { ...args, pages: pages.length, from }, { bytes, safe })
      if (!Array.isArray(told) || told[0] !== true) {
        if (safe || isGoneThrough(told)) return told
        // Somebody else has sealed it meanwhile. Asked again, it is told when that cannot be lost.
        safe = true
        continue
      }
      safe = told[1] === undefined ? from + 2 * PAGES_AT_ONCE >= pages.length : told[1] === true
    }
  }

  async #read(jobId: string, batch: string, [, seq, chunk = '', tasks = 0]: GoneThrough): Promise<void> {
    if (seq === undefined) return
    const [packed] = await this.#server.read([`r:${jobId}`])
    // If it was discarded meanwhile, the server says so when it is asked again.
    const keys = packed ? KeyTable.of(packed, Math.min(tasks, packed.length / KEY)) : new KeyTable()
    this.#keep(jobId, { batch, keys, seq, chunk, tasks })
  }

  #keep(jobId: string, first: FirstBatch): void {
    this.#known.set(jobId, first)
    for (const other of this.#known.keys()) {
      if (this.#known.size <= KNOWN) break
      this.#known.delete(other)
    }
  }

  #take(jobId: string, batch: string): FirstBatch | undefined {
    const known = this.#known.get(jobId)
    if (known?.batch !== batch) return undefined
    this.#known.delete(jobId)
    return known
  }
}

function isGoneThrough(told: unknown): told is GoneThrough {
  return Array.isArray(told) && told[0] === false
}

function ofFirstBatch(first: FirstBatch, { seq, lane, tasks }: Chunk): PackedChunk {
  const duplicates: [position: number, of: number][] = []
  const later: Record<string, number> = {}
  const payloads: string[] = []
  const packed = Buffer.alloc(tasks.length * KEY)
  for (const [position, { key, payload, notBefore }] of tasks.entries()) {
    const place = payloads.length
    const of = key === undefined ? undefined : first.keys.add(key, first.tasks + place, packed, place)
    if (of !== undefined) {
      duplicates.push([position, of])
      continue
    }
    if (notBefore !== undefined) later[place] = notBefore
    payloads.push(payload)
  }
  const size = payloads.length
  const bytes = [...packBlocks(payloads), packed.subarray(0, size * KEY)]
  return { chunk: { seq, lane, size, duplicates, later }, bytes, accepted: size }
}

function ofLaterBatch({ seq, lane, tasks }: Chunk): PackedChunk {
  const later = Object.fromEntries(
    tasks.flatMap(({ notBefore }, i) => (notBefore === undefined ? [] : [[String(i), notBefore]])),
  )
  const keys = tasks.some(({ key }) => key !== undefined) ? tasks.map(({ key }) => key ?? null) : []
  const size = tasks.length
  const bytes = packBlocks(tasks.map(({ payload }) => payload))
  return { chunk: { seq, lane, size, keys, later }, bytes, accepted: size }
}
