import type { Host } from './host.js'

/** Something that may take too long. */
export interface Waiting {
  /** Whether it still waits. */
  waits(): boolean
  /** Told once, if it still waits when its time is over. */
  expire(): void
}

/**
 * Time-outs of one length. Each costs a place in a queue, and all of them together one timer: nearly every one is over
 * before its time.
 */
export class Deadlines {
  readonly #host: Host
  readonly #after: number
  #queue: (Waiting | undefined)[] = []
  #times: number[] = []
  #first = 0
  #armed = false

  constructor(host: Host, after: number) {
    this.#host = host
    this.#after = after
  }

  add(waiting: Waiting): void {
    this.#queue.push(waiting)
    this.#times.push(this.#host.clock.monotonic() + this.#after)
    this.#arm()
  }

  #arm(): void {
    while (this.#first < this.#queue.length && !this.#queue[this.#first]?.waits())
      this.#queue[this.#first++] = undefined
    if (this.#first > 1000 && this.#first * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#first)
      this.#times = this.#times.slice(this.#first)
      this.#first = 0
    }
    if (this.#armed || this.#first === this.#queue.length) return
    this.#armed = true
    this.#host.later(
      () => {
        this.#armed = false
        const now = this.#host.clock.monotonic()
        while ((this.#times[this.#first] ?? Number.POSITIVE_INFINITY) <= now) {
          const waiting = this.#queue[this.#first++]
          if (waiting?.waits()) waiting.expire()
        }
        this.#arm()
      },
      (this.#times[this.#first] as number) - this.#host.clock.monotonic(),
    )
  }
}
