/** One pending timer of a virtual clock. */
export interface PendingTimer {
  /** When it is due, on the monotonic clock. */
  readonly at: number
  /** Order of creation; breaks ties of `at`. */
  readonly order: number
  readonly run: () => void
  readonly label: string | undefined
  /** Where it stands in the heap; -1 once it has left. */
  index: number
}

/**
 * Pending timers by due time, then by creation: a binary heap in which every timer knows its place, so that a cleared
 * timer leaves at once (an engine that sets and clears a time-out per call leaves nothing behind).
 */
export class TimerHeap {
  readonly #timers: PendingTimer[] = []

  get size(): number {
    return this.#timers.length
  }

  /** The earliest timer, left where it is. */
  peek(): PendingTimer | undefined {
    return this.#timers[0]
  }

  push(timer: PendingTimer): void {
    timer.index = this.#timers.length
    this.#timers.push(timer)
    this.#rise(timer)
  }

  /** Takes a timer out. Does nothing when it has left already. */
  remove(timer: PendingTimer): void {
    const { index } = timer
    if (index < 0 || this.#timers[index] !== timer) return
    const last = this.#timers.pop() as PendingTimer
    timer.index = -1
    if (last === timer) return
    last.index = index
    this.#timers[index] = last
    this.#rise(last)
    this.#sink(last)
  }

  clear(): void {
    for (const timer of this.#timers) timer.index = -1
    this.#timers.length = 0
  }

  /** Every timer, in no useful order. */
  values(): readonly PendingTimer[] {
    return this.#timers
  }

  #rise(timer: PendingTimer): void {
    const timers = this.#timers
    let index = timer.index
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = timers[parentIndex] as PendingTimer
      if (!before(timer, parent)) break
      timers[index] = parent
      parent.index = index
      index = parentIndex
    }
    timers[index] = timer
    timer.index = index
  }

  #sink(timer: PendingTimer): void {
    const timers = this.#timers
    const size = timers.length
    let index = timer.index
    for (;;) {
      let childIndex = 2 * index + 1
      if (childIndex >= size) break
      let child = timers[childIndex] as PendingTimer
      const right = timers[childIndex + 1]
      if (right !== undefined && before(right, child)) {
        child = right
        childIndex++
      }
      if (!before(child, timer)) break
      timers[index] = child
      child.index = index
      index = childIndex
    }
    timers[index] = timer
    timer.index = index
  }
}

/** Whether `a` runs before `b`. */
export function before(a: PendingTimer, b: PendingTimer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
