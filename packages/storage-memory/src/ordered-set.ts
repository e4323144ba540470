import type { OrderedSet } from '@outdial/core/store'

interface Entry {
  member: string
  score: number
  at: number
}

/** An indexed binary heap: first, set and delete in O(log n), score in O(1). */
export class HeapSet implements OrderedSet {
  readonly #heap: Entry[] = []
  readonly #entries: Map<string, Entry> = new Map()

  get size(): number {
    return this.#heap.length
  }

  get empty(): boolean {
    return this.#heap.length === 0
  }

  first(): Entry | undefined {
    return this.#heap[0]
  }

  score(member: string): number | undefined {
    return this.#entries.get(member)?.score
  }

  set(member: string, score: number): void {
    let entry = this.#entries.get(member)
    if (entry) {
      entry.score = score
    } else {
      entry = { member, score, at: this.#heap.length }
      this.#entries.set(member, entry)
      this.#heap.push(entry)
    }
    this.#down(this.#up(entry))
  }

  delete(member: string): void {
    const entry = this.#entries.get(member)
    if (!entry) return
    this.#entries.delete(member)
    const last = this.#heap.pop() as Entry
    if (last === entry) return
    last.at = entry.at
    this.#heap[last.at] = last
    this.#down(this.#up(last))
  }

  #up(entry: Entry): Entry {
    const heap = this.#heap
    while (entry.at > 0) {
      const parent = heap[(entry.at - 1) >> 1] as Entry
      if (!before(entry, parent)) break
      swap(heap, entry, parent)
    }
    return entry
  }

  #down(entry: Entry): void {
    const heap = this.#heap
    for (;;) {
      const left = heap[entry.at * 2 + 1]
      if (!left) return
      const right = heap[entry.at * 2 + 2]
      const child = right && before(right, left) ? right : left
      if (!before(child, entry)) return
      swap(heap, entry, child)
    }
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.score < b.score || (a.score === b.score && a.member < b.member)
}

function swap(heap: Entry[], a: Entry, b: Entry): void {
  const { at } = a
  a.at = b.at
  b.at = at
  heap[a.at] = a
  heap[b.at] = b
}
