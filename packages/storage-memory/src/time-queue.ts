import type { TimeQueue } from '@outdial/core/store'

/** A binary heap of times with their values, in two arrays: no object per entry. Equal times come out in no given order. */
export class TimeHeap<T> implements TimeQueue<T> {
  readonly #times: number[] = []
  readonly #values: T[] = []

  get next(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY
  }

  get size(): number {
    return this.#times.length
  }

  add(at: number, value: T): void {
    const times = this.#times
    const values = this.#values
    let hole = times.length
    times.push(at)
    values.push(value)
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if ((times[parent] as number) <= at) break
      times[hole] = times[parent] as number
      values[hole] = values[parent] as T
      hole = parent
    }
    times[hole] = at
    values[hole] = value
  }

  take(now: number): T | undefined {
    const times = this.#times
    const values = this.#values
    if (times.length === 0 || (times[0] as number) > now) return undefined
    const taken = values[0] as T
    const at = times.pop() as number
    const value = values.pop() as T
    const { length } = times
    if (length === 0) return taken
    let hole = 0
    for (;;) {
      let child = hole * 2 + 1
      if (child >= length) break
      if (child + 1 < length && (times[child + 1] as number) < (times[child] as number)) child++
      if ((times[child] as number) >= at) break
      times[hole] = times[child] as number
      values[hole] = values[child] as T
      hole = child
    }
    times[hole] = at
    values[hole] = value
    return taken
  }
}
