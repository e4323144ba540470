import type { Counts, Recount } from '@outdial/core'
import { PLACES } from '@outdial/core/store'
import type { Packed } from './msgpack.js'

type Sums = Record<string, number>
type Slice = [
  total: number,
  lastEvent: number,
  counts: Sums,
  reasons: Sums,
  holds: Sums,
  outcomes: Sums,
  next: number | false,
]

/** Counts slice by slice, so that nobody waits for a large job. Begins again when something has happened in between. */
export async function recountSlices(count: (from: number) => Promise<Packed>): Promise<Recount> {
  for (;;) {
    const places: Sums = Object.fromEntries(PLACES.map((place) => [place, 0]))
    const reasons: Sums = {}
    const holds: Sums = {}
    let lastEvent: number | undefined
    for (let from = 0; ; ) {
      const slice = (await count(from)) as unknown as Slice
      lastEvent ??= slice[1]
      if (slice[1] !== lastEvent) break
      add(places, slice[2])
      add(reasons, slice[3])
      add(holds, slice[4])
      if (slice[6] !== false) {
        from = slice[6]
        continue
      }
      const outcomes = Array.isArray(slice[5]) ? {} : slice[5]
      return { counts: { total: slice[0], ...places } as Counts, reasons, holds, outcomes }
    }
  }
}

function add(sums: Sums, more: Sums): void {
  for (const [name, n] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + n
}
