/** The keys of a table by slot, 0 where there is none. */
interface Slots<K> {
  readonly length: number
  [slot: number]: K | 0
}

/** How one kind of key is kept. */
export interface KeyKind<K extends number | string> {
  /** 32 bits, the upper ones well mixed. */
  hash(key: K): number
  slots(length: number): Slots<K>
}

/** A member as it is scanned, and the place to go on from. */
export interface ScannedMember<K> {
  readonly key: K
  readonly hash: number
  readonly end: number
  readonly reason: string | undefined
}

const SMALLEST_BITS = 4
/** Slots looked at for members that are over with each one that is added: what comes and goes does not pile up. */
const LOOKS = 4

/**
 * Members of a list by open addressing, in columns: no object per member. A number costs 8 bytes a slot, at a load of at most 3/4; ends
 * and reasons have columns as soon as one member has one.
 *
 * The slot of a key is given by the upper bits of its hash, so that the slots are in the order of the hashes however large the table is:
 * a scan goes on from a hash, and misses nobody when the table has grown in between.
 */
export class MemberTable<K extends number | string> {
  readonly #kind: KeyKind<K>
  #shift = 32 - SMALLEST_BITS
  #keys: Slots<K>
  #ends: Float64Array | undefined
  #reasons: (string | undefined)[] | undefined
  #size = 0
  /** Where members that are over are looked for next. */
  #hand = 0

  constructor(kind: KeyKind<K>) {
    this.#kind = kind
    this.#keys = kind.slots(1 << SMALLEST_BITS)
  }

  get size(): number {
    return this.#size
  }

  end(key: K): number | undefined {
    const slot = this.#slot(key)
    return this.#keys[slot] === 0 ? undefined : this.#endAt(slot)
  }

  reason(key: K): string | undefined {
    return this.#reasons?.[this.#slot(key)]
  }

  put(key: K, end: number, reason: string | undefined, now: number): void {
    if (this.#ends) this.#forget(now)
    let slot = this.#slot(key)
    if (this.#keys[slot] === 0) {
      if ((this.#size + 1) * 4 > this.#keys.length * 3) {
        this.#rebuild(now)
        slot = this.#slot(key)
      }
      this.#keys[slot] = key
      this.#size++
    }
    this.#set(slot, end, reason)
  }

  delete(key: K): void {
    const slot = this.#slot(key)
    if (this.#keys[slot] !== 0) this.#remove(slot)
  }

  clear(): void {
    this.#shift = 32 - SMALLEST_BITS
    this.#keys = this.#kind.slots(1 << SMALLEST_BITS)
    this.#ends = undefined
    this.#reasons = undefined
    this.#size = 0
    this.#hand = 0
  }

  /** More than `max` members that are not over, if there are, in the order of their hashes and keys, after a place. */
  scan(after: { hash: number; key: K } | undefined, max: number, now: number): ScannedMember<K>[] {
    const keys = this.#keys
    const mask = keys.length - 1
    const first = after ? after.hash >>> this.#shift : 0
    const found: ScannedMember<K>[] = []
    // Behind the last slot come the first ones again, with those that had no room at the end: as many as there are in a row.
    for (let at = first; at <= mask || keys[at & mask] !== 0; at++) {
      const slot = at & mask
      const key = keys[slot] as K | 0
      // All whose slot is before an empty one have been seen.
      if (key === 0) {
        if (found.length > max) break
        continue
      }
      const hash = this.#kind.hash(key as K)
      const home = hash >>> this.#shift
      if (at > mask ? home <= slot : home > slot || home < first) continue
      if (after && !follows(hash, key as K, after)) continue
      const end = this.#endAt(slot)
      if (end > now) found.push({ key: key as K, hash, end, reason: this.#reasons?.[slot] })
    }
    return found.sort((a, b) => (follows(a.hash, a.key, b) ? 1 : -1))
  }

  #endAt(slot: number): number {
    return this.#ends ? (this.#ends[slot] as number) : Number.POSITIVE_INFINITY
  }

  #set(slot: number, end: number, reason: string | undefined): void {
    if (end < Number.POSITIVE_INFINITY && !this.#ends) {
      this.#ends = new Float64Array(this.#keys.length).fill(Number.POSITIVE_INFINITY)
    }
    if (this.#ends) this.#ends[slot] = end
    if (reason !== undefined && !this.#reasons) this.#reasons = new Array(this.#keys.length)
    if (this.#reasons) this.#reasons[slot] = reason
  }

  /** The slot of a key, or the empty one where it belongs. */
  #slot(key: K): number {
    const keys = this.#keys
    const mask = keys.length - 1
    let slot = this.#kind.hash(key) >>> this.#shift
    while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & mask
    return slot
  }

  /** Removes an entry, and moves those up that had no room because of it. */
  #remove(slot: number): void {
    const keys = this.#keys
    const mask = keys.length - 1
    let hole = slot
    for (let next = (hole + 1) & mask; keys[next] !== 0; next = (next + 1) & mask) {
      const home = this.#kind.hash(keys[next] as K) >>> this.#shift
      if (((next - home) & mask) < ((next - hole) & mask)) continue
      this.#copy(next, hole)
      hole = next
    }
    keys[hole] = 0
    if (this.#reasons) this.#reasons[hole] = undefined
    this.#size--
  }

  #copy(from: number, to: number): void {
    this.#keys[to] = this.#keys[from] as K | 0
    if (this.#ends) this.#ends[to] = this.#ends[from] as number
    if (this.#reasons) this.#reasons[to] = this.#reasons[from]
  }

  #forget(now: number): void {
    for (let looks = 0; looks < LOOKS; looks++) {
      if (this.#keys[this.#hand] !== 0 && this.#endAt(this.#hand) <= now) this.#remove(this.#hand)
      else this.#hand = (this.#hand + 1) & (this.#keys.length - 1)
    }
  }

  /** Leaves out who is over, and makes room for as many again as are left. */
  #rebuild(now: number): void {
    const keys = this.#keys
    const ends = this.#ends
    const reasons = this.#reasons
    let staying = 0
    for (let slot = 0; slot < keys.length; slot++) if (keys[slot] !== 0 && this.#endAt(slot) > now) staying++
    if (staying * 8 >= keys.length * 3) this.#shift--
    this.#keys = this.#kind.slots(2 ** (32 - this.#shift))
    this.#ends = undefined
    this.#reasons = undefined
    this.#size = staying
    this.#hand = 0
    for (let slot = 0; slot < keys.length; slot++) {
      const key = keys[slot] as K | 0
      const end = ends ? (ends[slot] as number) : Number.POSITIVE_INFINITY
      if (key === 0 || end <= now) continue
      const to = this.#slot(key as K)
      this.#keys[to] = key
      this.#set(to, end, reasons?.[slot])
    }
  }
}

/** Whether an entry comes after a place in a scan. */
function follows<K extends number | string>(hash: number, key: K, place: { hash: number; key: K }): boolean {
  return hash > place.hash || (hash === place.hash && key > place.key)
}
