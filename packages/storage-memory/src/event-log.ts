import type { StoredEvent, StoredEventData } from '@outdial/core'

const SMALLEST = 64

/**
 * A job's last events, in a ring: when it is full each event takes the place of the oldest, and readers are told where the
 * log begins. The ring grows with the job, so that a small job has a small log.
 */
export class EventLog {
  readonly #keep: number
  #at: Float64Array
  #data: (StoredEventData | undefined)[]
  /** Events ever added; the sequence number of the last one. */
  #count = 0

  constructor(keep: number) {
    this.#keep = keep
    const size = Math.min(SMALLEST, keep)
    this.#at = new Float64Array(size)
    this.#data = new Array(size)
  }

  /** Sequence number of the first event kept. */
  get oldest(): number {
    return Math.max(1, this.#count - this.#data.length + 1)
  }

  /** Adds the event whose sequence number is one more than the last one's. */
  add(at: number, data: StoredEventData): void {
    if (this.#count === this.#data.length && this.#count < this.#keep) this.#grow()
    const slot = this.#count++ % this.#data.length
    this.#at[slot] = at
    this.#data[slot] = data
  }

  /** Events after a sequence number that is not before the log. */
  after(seq: number, max: number): StoredEvent[] {
    const events: StoredEvent[] = []
    for (let next = seq; next < this.#count && events.length < max; next++) {
      const slot = next % this.#data.length
      events.push({ seq: next + 1, at: this.#at[slot] as number, data: this.#data[slot] as StoredEventData })
    }
    return events
  }

  /** Removes what entries say of one task, keeping the entries. */
  redact(index: number): void {
    for (const [slot, data] of this.#data.entries()) {
      if (!data || !('index' in data) || data.index !== index) continue
      const redacted = { ...data }
      if ('memo' in redacted) redacted.memo = ''
      if ('result' in redacted) redacted.result = ''
      if ('data' in redacted) redacted.data = ''
      this.#data[slot] = redacted
    }
  }

  #grow(): void {
    const size = Math.min(this.#keep, this.#data.length * 2)
    const at = new Float64Array(size)
    at.set(this.#at)
    this.#at = at
    const data = new Array(size)
    for (const [slot, entry] of this.#data.entries()) data[slot] = entry
    this.#data = data
  }
}
