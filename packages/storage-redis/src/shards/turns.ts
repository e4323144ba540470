/** Which shard is asked first for claims of a route: the one that has had least for what it weighs. */
export class Turns {
  readonly #shards: number
  /** By route, what each shard has had, divided by its weight; `undefined` while it has nothing to give. */
  readonly #had: Map<string, (number | undefined)[]> = new Map()
  /** Orders of exchanges that may come again, by channel. */
  readonly #orders: Map<string, { seq: number; order: readonly number[] }> = new Map()

  constructor(shards: number) {
    this.#shards = shards
  }

  /** The order of an exchange; one that is sent again gets the same. `weights`: of those who have something on the routes. */
  order(channel: string, seq: number, weights: ReadonlyMap<string, readonly number[]>): readonly number[] {
    const known = this.#orders.get(channel)
    if (known?.seq === seq) return known.order
    const all = Array.from({ length: this.#shards }, (_, shard) => shard)
    const [route, given = []] = [...weights][0] ?? []
    const had = route === undefined ? [] : this.#arrive(route, given)
    // Those who are level take turns; who has nothing comes last.
    const turn = (shard: number) => (shard - seq + this.#shards * (1 + Math.ceil(seq / this.#shards))) % this.#shards
    const order = all.sort((a, b) => (had[a] ?? Infinity) - (had[b] ?? Infinity) || turn(a) - turn(b))
    this.#orders.delete(channel)
    this.#orders.set(channel, { seq, order })
    for (const name of this.#orders.keys()) {
      if (this.#orders.size <= KEPT) break
      this.#orders.delete(name)
    }
    return order
  }

  /** Charges what a shard gave. */
  charge(route: string, shard: number, weight: number, claims: number): void {
    const had = this.#had.get(route)
    if (had && had[shard] !== undefined && weight > 0) had[shard] += claims / weight
  }

  /** Whoever comes back has no credit for having been away. */
  #arrive(route: string, weights: readonly number[]): (number | undefined)[] {
    const had = this.#had.get(route) ?? new Array<number | undefined>(this.#shards).fill(undefined)
    this.#had.set(route, had)
    const present = had.filter((each, shard) => each !== undefined && (weights[shard] ?? 0) > 0) as number[]
    const floor = present.length > 0 ? Math.min(...present) : 0
    for (let shard = 0; shard < this.#shards; shard++) {
      had[shard] = (weights[shard] ?? 0) > 0 ? Math.max(had[shard] ?? floor, floor) : undefined
    }
    return had
  }
}

/** Channels whose last order is kept. */
const KEPT = 1000
