import type { Hold, Usage } from '../ports/storage-limits.js'

/**
 * What contacts that are looked at together would take before the next of them has its turn, so that the third of a person whom a cap
 * allows two calls is not counted as dialed too. What the store counts is as it was read.
 */
export class Taken {
  readonly #now: number
  /** Instants at which a cap would be taken. Money is not: what a call may cost at most is given back when it has ended. */
  readonly #caps: Map<string, number[]> = new Map()

  constructor(now: number) {
    this.#now = now
  }

  /** A contact would be dialed at an instant, and take these. What is counted for its number alone nobody else takes: a job has it once. */
  take(holds: readonly Hold[], usage: (hold: Hold) => Usage | undefined, at: number, phone: string): void {
    for (const hold of holds) {
      if (hold.key.includes(phone)) continue
      const rule = usage(hold)?.rule
      if (rule === undefined || hold.n === 0) continue
      if (!('cap' in rule)) continue
      const stamps = this.#caps.get(hold.key)
      if (stamps) stamps.push(at)
      else this.#caps.set(hold.key, [at])
    }
  }

  /** When a cap would admit one more; `at` or earlier when it does then. */
  capFreeAt({ key }: Hold, usage: Usage, cap: number, windowMs: number, at: number): number {
    // What is free is free since some moment between the first look and this one.
    if ((usage.counted ?? 0) >= cap && usage.freeAt > at) return usage.freeAt
    const stamps = this.#caps.get(key)
    if (!stamps) return at
    // Those that have to wait longer than this one take nothing from it.
    const recent = stamps.filter((stamp) => stamp > at - windowMs && stamp <= at)
    // The store does not say when it counted what it counts: until all of that has passed, it counts.
    const counted = at < this.#now + windowMs ? (usage.counted ?? 0) : 0
    const over = counted + recent.length + 1 - cap
    if (over <= 0) return at
    if (counted > 0) return this.#now + windowMs
    return (recent.sort((a, b) => a - b)[over - 1] as number) + windowMs
  }
}
