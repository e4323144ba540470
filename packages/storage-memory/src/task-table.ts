import type { Tasks } from '@outdial/core/store'
import { KeyIndex } from './key-index.js'

/** Tasks of a segment; segments are allocated whole so that growing copies nothing. */
const SEGMENT = 4096

class Segment {
  readonly place: Uint8Array = new Uint8Array(SEGMENT)
  readonly attempts: Uint16Array = new Uint16Array(SEGMENT)
  readonly lane: Uint16Array = new Uint16Array(SEGMENT)
  readonly reason: Uint16Array = new Uint16Array(SEGMENT)
  readonly payload: string[] = []
  /** Allocated when the first task of the segment is claimed: a task that never was costs nothing here. */
  touched: Touched | undefined
}

class Touched {
  readonly tag: Float64Array = new Float64Array(SEGMENT)
  readonly waitUntil: Float64Array = new Float64Array(SEGMENT)
  readonly memo: (string | undefined)[] = new Array(SEGMENT)
  readonly ref: (string | undefined)[] = new Array(SEGMENT)
  readonly results: (string | string[] | undefined)[] = new Array(SEGMENT)
}

/** The tasks of one job: about 7 bytes each beyond payload and dedup key while they wait for their first claim. */
export class TaskTable implements Tasks {
  readonly #segments: Segment[] = []
  readonly #keys: KeyIndex = new KeyIndex()
  readonly #reasons: string[] = ['']
  readonly #reasonIds: Map<string, number> = new Map()
  readonly #notes: Set<string> = new Set()
  #length = 0

  place(index: number): number {
    return (this.#segments[index >>> 12] as Segment).place[index & 4095] as number
  }
  setPlace(index: number, place: number): void {
    ;(this.#segments[index >>> 12] as Segment).place[index & 4095] = place
  }
  attempts(index: number): number {
    return this.#segment(index).attempts[index & 4095] as number
  }
  setAttempts(index: number, attempts: number): void {
    this.#segment(index).attempts[index & 4095] = attempts
  }
  tag(index: number): number {
    return this.#segment(index).touched?.tag[index & 4095] ?? 0
  }
  setTag(index: number, tag: number): void {
    this.#touch(index).tag[index & 4095] = tag
  }
  waitUntil(index: number): number {
    return this.#segment(index).touched?.waitUntil[index & 4095] ?? 0
  }
  setWaitUntil(index: number, at: number): void {
    this.#touch(index).waitUntil[index & 4095] = at
  }
  lane(index: number): number {
    return this.#segment(index).lane[index & 4095] as number
  }
  payload(index: number): string {
    return this.#segment(index).payload[index & 4095] as string
  }
  memo(index: number): string | undefined {
    return this.#segment(index).touched?.memo[index & 4095]
  }
  setMemo(index: number, memo: string): void {
    this.#touch(index).memo[index & 4095] = memo
  }
  ref(index: number): string | undefined {
    return this.#segment(index).touched?.ref[index & 4095]
  }
  setRef(index: number, ref: string | undefined): void {
    this.#touch(index).ref[index & 4095] = ref
  }

  reason(index: number): string | undefined {
    const id = this.#segment(index).reason[index & 4095] as number
    return id === 0 ? undefined : this.#reasons[id]
  }
  setReason(index: number, reason: string): void {
    let id = this.#reasonIds.get(reason)
    if (id === undefined) {
      id = this.#reasons.push(reason) - 1
      this.#reasonIds.set(reason, id)
    }
    this.#segment(index).reason[index & 4095] = id
  }

  addResult(index: number, result: string): void {
    const { results } = this.#touch(index)
    const had = results[index & 4095]
    if (had === undefined) results[index & 4095] = result
    else if (typeof had === 'string') results[index & 4095] = [had, result]
    else had.push(result)
  }
  setResult(index: number, position: number, result: string): void {
    const { results } = this.#touch(index)
    const had = results[index & 4095]
    if (Array.isArray(had)) {
      if (position < had.length) had[position] = result
    } else if (had !== undefined && position === 0) results[index & 4095] = result
  }
  results(index: number): readonly string[] {
    const had = this.#segment(index).touched?.results[index & 4095]
    return had === undefined ? [] : typeof had === 'string' ? [had] : [...had]
  }

  noteOnce(index: number, id: string): boolean {
    if (this.hasNote(index, id)) return false
    this.#notes.add(`${index} ${id}`)
    return true
  }
  hasNote(index: number, id: string): boolean {
    return this.#notes.has(`${index} ${id}`)
  }

  redact(index: number): void {
    const segment = this.#segment(index)
    segment.payload[index & 4095] = ''
    const { touched } = segment
    if (!touched) return
    touched.memo[index & 4095] = undefined
    touched.results[index & 4095] = undefined
  }

  append(payload: string, lane: number, key: string | undefined): void {
    const index = this.#length++
    if ((index & 4095) === 0) this.#segments.push(new Segment())
    const segment = this.#segment(index)
    segment.payload.push(flat(payload))
    segment.lane[index & 4095] = lane
    if (key !== undefined) this.#keys.add(key, index)
  }

  find(key: string): number | undefined {
    return this.#keys.find(key)
  }

  truncate(length: number): void {
    if (length === this.#length) return
    this.#segments.length = Math.ceil(length / SEGMENT)
    const last = this.#segments.at(-1)
    if (last && length % SEGMENT > 0) last.payload.length = length % SEGMENT
    this.#length = length
    this.#keys.truncate(length)
  }

  #segment(index: number): Segment {
    return this.#segments[index >>> 12] as Segment
  }
  #touch(index: number): Touched {
    const segment = this.#segment(index)
    segment.touched ??= new Touched()
    return segment.touched
  }
}

/**
 * The same text in one piece. JSON.stringify leaves a text as a chain of pieces, each with a header of its own; reading a
 * character makes V8 join them.
 */
function flat(text: string): string {
  text.charCodeAt(0)
  return text
}
