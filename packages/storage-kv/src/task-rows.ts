import type { Tasks } from '@outdial/core/store'
import { decode, encode } from './codec.js'
import type { JobRow } from './job-rows.js'
import { dedupKey, noteKey, payloadKey, taskKey } from './layout.js'
import type { Reads } from './reads.js'
import type { Write } from './span.js'

/** A task's state. A task that was never claimed has none. */
interface State {
  place: number
  lane: number
  attempts?: number
  tag?: number
  waitUntil?: number
  memo?: string
  reason?: string
  ref?: string
  results?: string[]
}

/** What a task was made with. */
interface Made {
  lane: number
  payload: string
  key?: string
}

/** Rows read ahead when tasks are gone through one after the other. */
const AHEAD = 64

/** The tasks of one job, two rows each: what it was made with, and its state. */
export class TaskRows implements Tasks {
  readonly #reads: Reads
  readonly #row: JobRow
  readonly #states: Map<number, State> = new Map()
  readonly #changed: Set<number> = new Set()
  readonly #made: Map<number, Made> = new Map()
  readonly #remade: Set<number> = new Set()
  readonly #keys: Map<string, number> = new Map()
  readonly #notes: Set<string> = new Set()

  constructor(reads: Reads, row: JobRow) {
    this.#reads = reads
    this.#row = row
  }

  place(index: number): number {
    return this.#state(index).place
  }
  setPlace(index: number, place: number): void {
    this.#change(index).place = place
  }
  attempts(index: number): number {
    return this.#state(index).attempts ?? 0
  }
  setAttempts(index: number, attempts: number): void {
    this.#change(index).attempts = attempts
  }
  tag(index: number): number {
    return this.#state(index).tag ?? 0
  }
  setTag(index: number, tag: number): void {
    this.#change(index).tag = tag
  }
  waitUntil(index: number): number {
    return this.#state(index).waitUntil ?? 0
  }
  setWaitUntil(index: number, at: number): void {
    this.#change(index).waitUntil = at
  }
  lane(index: number): number {
    const { lane } = this.#state(index)
    return lane >= 0 ? lane : this.#madeWith(index).lane
  }
  payload(index: number): string {
    return this.#madeWith(index).payload
  }
  memo(index: number): string | undefined {
    return this.#state(index).memo
  }
  setMemo(index: number, memo: string): void {
    this.#change(index).memo = memo
  }
  reason(index: number): string | undefined {
    return this.#state(index).reason
  }
  setReason(index: number, reason: string): void {
    this.#change(index).reason = reason
  }
  addResult(index: number, result: string): void {
    const state = this.#change(index)
    state.results = [...(state.results ?? []), result]
  }
  setResult(index: number, position: number, result: string): void {
    const results = this.#change(index).results ?? []
    if (position < results.length) results[position] = result
  }
  results(index: number): readonly string[] {
    return [...(this.#state(index).results ?? [])]
  }
  ref(index: number): string | undefined {
    return this.#state(index).ref
  }
  setRef(index: number, ref: string | undefined): void {
    const state = this.#change(index)
    if (ref === undefined) delete state.ref
    else state.ref = ref
  }

  noteOnce(index: number, id: string): boolean {
    if (this.hasNote(index, id)) return false
    this.#notes.add(noteKey(this.#row.ordinal, index, id))
    return true
  }
  hasNote(index: number, id: string): boolean {
    const key = noteKey(this.#row.ordinal, index, id)
    return this.#notes.has(key) || this.#reads.get(key) !== undefined
  }

  redact(index: number): void {
    this.#madeWith(index).payload = ''
    this.#remade.add(index)
    const state = this.#change(index)
    delete state.memo
    delete state.results
  }

  append(payload: string, lane: number, key: string | undefined): void {
    const index = this.#row.length++
    this.#made.set(index, { lane, payload, ...(key !== undefined && { key }) })
    this.#remade.add(index)
    if (key !== undefined) this.#keys.set(key, index)
  }

  /** The index of a key counts if the task there says so too: what was truncated is not removed, but written over. */
  find(key: string): number | undefined {
    const added = this.#keys.get(key)
    if (added !== undefined) return added
    const text = this.#reads.get(dedupKey(this.#row.ordinal, key))
    if (text === undefined) return undefined
    const index = decode<number>(text)
    return index < this.#row.length && this.#madeWith(index).key === key ? index : undefined
  }

  truncate(length: number): void {
    this.#row.length = length
  }

  flush(write: Write): void {
    const { ordinal } = this.#row
    for (const index of this.#changed) {
      const state = this.#states.get(index) as State
      write(taskKey(ordinal, index), encode(state))
    }
    for (const index of this.#remade) write(payloadKey(ordinal, index), encode(this.#made.get(index)))
    for (const [key, index] of this.#keys) write(dedupKey(ordinal, key), encode(index))
    for (const key of this.#notes) write(key, '1')
  }

  #state(index: number): State {
    let state = this.#states.get(index)
    if (!state) {
      const text = this.#ahead(taskKey, index, this.#states)
      state = text === undefined ? { place: 0, lane: -1 } : decode<State>(text)
      this.#states.set(index, state)
    }
    return state
  }

  /** The state of a task that is about to be changed; from then on it knows its lane. */
  #change(index: number): State {
    const state = this.#state(index)
    if (state.lane < 0) state.lane = this.#madeWith(index).lane
    this.#changed.add(index)
    return state
  }

  #madeWith(index: number): Made {
    let made = this.#made.get(index)
    if (!made) {
      made = decode<Made>(this.#ahead(payloadKey, index, this.#made) ?? '{"lane":0,"payload":""}')
      this.#made.set(index, made)
    }
    return made
  }

  /** Reads a row, and with it those that come next if the one before it has been looked at. */
  #ahead(
    keyOf: (ordinal: number, index: number) => string,
    index: number,
    seen: ReadonlyMap<number, unknown>,
  ): string | undefined {
    const { ordinal, length } = this.#row
    if (seen.has(index - 1)) {
      const until = Math.min(index + AHEAD, length)
      this.#reads.block(Array.from({ length: Math.max(0, until - index) }, (_, i) => keyOf(ordinal, index + i)))
    }
    return this.#reads.get(keyOf(ordinal, index))
  }
}
