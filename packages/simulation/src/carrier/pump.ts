/** How many microtasks an instant call waits: more than the promises between a carrier and the code that awaits its answer. */
const HOPS = 16

/**
 * Runs things some microtasks later, without a timer: the events of instant calls, so that they come after the answer to
 * `place` as they do in life. All that is added meanwhile shares the wait.
 */
export class Pump {
  #next: (() => void)[] = []
  #running = false

  add(run: () => void): void {
    this.#next.push(run)
    if (this.#running) return
    this.#running = true
    this.#wait(HOPS)
  }

  #wait(hops: number): void {
    queueMicrotask(() => (hops > 1 ? this.#wait(hops - 1) : this.#run()))
  }

  #run(): void {
    const batch = this.#next
    this.#next = []
    try {
      for (const run of batch) run()
    } finally {
      this.#running = this.#next.length > 0
      if (this.#running) this.#wait(HOPS)
    }
  }
}
