import type { StoredEvent, StoredEventData } from '@outdial/core'

/** A job's last events. Older ones are dropped a block at a time, and readers are told where the log begins. */
export class EventLog {
  #events: StoredEvent[] = []
  /** Sequence number of the event before the first one kept. */
  #dropped = 0
  readonly #keep: number

  constructor(keep: number) {
    this.#keep = keep
  }

  get oldest(): number {
    return this.#dropped + 1
  }

  add(seq: number, at: number, data: StoredEventData): void {
    if (this.#events.length >= this.#keep * 2) {
      this.#dropped += this.#events.length - this.#keep
      this.#events = this.#events.slice(-this.#keep)
    }
    this.#events.push({ seq, at, data })
  }

  after(seq: number, max: number): StoredEvent[] {
    const from = seq - this.#dropped
    return this.#events.slice(from, from + max)
  }

  /** Removes what entries say of one task, keeping the entries. */
  redact(index: number): void {
    this.#events = this.#events.map((event) => {
      if (!('index' in event.data) || event.data.index !== index) return event
      const data = { ...event.data }
      if ('memo' in data) data.memo = ''
      if ('result' in data) data.result = ''
      if ('data' in data) data.data = ''
      return { ...event, data }
    })
  }
}
