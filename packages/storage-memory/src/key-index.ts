/**
 * Dedup keys → task index: open addressing over two typed arrays, 16 bytes a slot at a load of at most 3/4. Keys are
 * numbers of up to 15 digits, which a double holds exactly; longer ones go to an ordinary map.
 */
export class KeyIndex {
  #keys: Float64Array = new Float64Array(64)
  #indexes: Uint32Array = new Uint32Array(64)
  #size = 0
  readonly #long: Map<string, number> = new Map()
  /** What was looked for last, as a number: what is not found is added next, as a rule. */
  #sought = ''
  #soughtNumber = 0

  find(key: string): number | undefined {
    if (key.length > 15) return this.#long.get(key)
    const number = numberOf(key) + 1
    this.#sought = key
    this.#soughtNumber = number
    const slot = this.#slot(number)
    return this.#keys[slot] === number ? this.#indexes[slot] : undefined
  }

  add(key: string, index: number): void {
    if (key.length > 15) {
      this.#long.set(key, index)
      return
    }
    if ((this.#size + 1) * 4 > this.#keys.length * 3) this.#rebuild(this.#keys.length * 2, Number.POSITIVE_INFINITY)
    this.#put(key === this.#sought ? this.#soughtNumber : numberOf(key) + 1, index)
  }

  /** Forgets every key whose index is not below `length`. */
  truncate(length: number): void {
    for (const [key, index] of this.#long) if (index >= length) this.#long.delete(key)
    this.#rebuild(this.#keys.length, length)
  }

  #put(number: number, index: number): void {
    const slot = this.#slot(number)
    if (this.#keys[slot] !== number) this.#size++
    this.#keys[slot] = number
    this.#indexes[slot] = index
  }

  /** The slot of a number, or the empty one where it belongs. 0 marks an empty slot, so numbers are stored plus one. */
  #slot(number: number): number {
    const keys = this.#keys
    const mask = keys.length - 1
    // The lower 32 bits and those above; a remainder of doubles would be a call of a function.
    const high = (number / 0x1_0000_0000) | 0
    let hash = Math.imul(number ^ Math.imul(high, 0x9e37_79b1), 0x85eb_ca6b)
    hash ^= hash >>> 15
    let slot = hash & mask
    while (keys[slot] !== 0 && keys[slot] !== number) slot = (slot + 1) & mask
    return slot
  }

  #rebuild(capacity: number, length: number): void {
    const keys = this.#keys
    const indexes = this.#indexes
    this.#keys = new Float64Array(capacity)
    this.#indexes = new Uint32Array(capacity)
    this.#size = 0
    for (let slot = 0; slot < keys.length; slot++) {
      const key = keys[slot] as number
      if (key !== 0 && (indexes[slot] as number) < length) this.#put(key, indexes[slot] as number)
    }
  }
}

const ZERO = 0x30

/** What `Number` makes of up to 15 digits, at a third of the time. */
function numberOf(digits: string): number {
  let value = 0
  for (let at = 0; at < digits.length; at++) value = value * 10 + digits.charCodeAt(at) - ZERO
  return value
}
