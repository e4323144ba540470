import type { StoredEvent, StoredEventData } from '@outdial/core'
import { EventColumns } from './event-columns.js'

const SMALLEST = 64

/**
 * A job's last events, in a ring: when it is full each event takes the place of the oldest, and readers are told where the
 * log begins. The ring grows with the job, so that a small job has a small log.
 */
export class EventLog {
  readonly #keep: number
  #rows: EventColumns
  /** Events ever added; the sequence number of the last one. */
  #count = 0

  constructor(keep: number) {
    this.#keep = keep
    this.#rows = new EventColumns(Math.min(SMALLEST, keep))
  }

  /** Sequence number of the first event kept. */
  get oldest(): number {
    return Math.max(1, this.#count - this.#rows.size + 1)
  }

  /** Adds the event whose sequence number is one more than the last one's. */
  add(at: number, data: StoredEventData): void {
    const { size } = this.#rows
    if (this.#count === size && this.#count < this.#keep) this.#rows = this.#rows.grown(Math.min(this.#keep, size * 2))
    this.#rows.put(this.#count++ % this.#rows.size, at, data)
  }

  /** Events after a sequence number that is not before the log. */
  after(seq: number, max: number): StoredEvent[] {
    const events: StoredEvent[] = []
    for (let next = seq; next < this.#count && events.length < max; next++) {
      const row = next % this.#rows.size
      events.push({ seq: next + 1, at: this.#rows.at(row), data: this.#rows.data(row) })
    }
    return events
  }

  /** Removes what entries say of one task, keeping the entries. */
  redact(index: number): void {
    this.#rows.redact(index)
  }
}
