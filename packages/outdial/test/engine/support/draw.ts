import { seededRandom } from 'outdial'

/** Draws everything that a run leaves to chance, from its seed alone. */
export class Draw {
  readonly #next: () => number

  constructor(seed: string) {
    const random = seededRandom(seed)
    this.#next = () => random.next()
  }

  /** In `[0, 1)`. */
  real(): number {
    return this.#next()
  }

  /** A whole number, both ends included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.#next() * (max - min + 1))
  }

  chance(probability: number): boolean {
    return this.#next() < probability
  }

  pick<const T>(from: readonly T[]): T {
    return from[Math.floor(this.#next() * from.length)] as T
  }

  /** A value with a probability, else nothing. */
  maybe<T>(probability: number, make: () => T): T | undefined {
    return this.chance(probability) ? make() : undefined
  }

  list<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index))
  }
}
