const EMPTY = 0
const START_SIZE = 1_024
/** Share of the slots in use beyond which there are made twice as many. */
const FULL = 0.75

/**
 * Which row had a number first: exact, and some 16 to 32 bytes a number where a `Map` of strings takes well over 100. An
 * E.164 number has at most 15 digits, none of them a leading zero, so that a double holds it exactly. Open addressing
 * with linear probing.
 */
export class NumberIndex {
  #numbers: Float64Array = new Float64Array(START_SIZE)
  #rows: Uint32Array = new Uint32Array(START_SIZE)
  #size = 0

  /** Numbers in it. */
  get size(): number {
    return this.#size
  }

  /** Adds an E.164 number with its row. If it was there already, nothing changes and the row it was added with is given. */
  add(e164: string, row: number): number | undefined {
    const number = Number(e164)
    const slot = this.#slotOf(number)
    if (this.#numbers[slot] !== EMPTY) return this.#rows[slot]
    this.#numbers[slot] = number
    this.#rows[slot] = row
    this.#size++
    if (this.#size > this.#numbers.length * FULL) this.#grow()
    return undefined
  }

  /** The slot that holds the number, or the empty one where it belongs. */
  #slotOf(number: number): number {
    const numbers = this.#numbers
    const mask = numbers.length - 1
    let slot = hash(number) & mask
    while (numbers[slot] !== EMPTY && numbers[slot] !== number) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const numbers = this.#numbers
    const rows = this.#rows
    this.#numbers = new Float64Array(numbers.length * 2)
    this.#rows = new Uint32Array(numbers.length * 2)
    for (let old = 0; old < numbers.length; old++) {
      const number = numbers[old]!
      if (number === EMPTY) continue
      const slot = this.#slotOf(number)
      this.#numbers[slot] = number
      this.#rows[slot] = rows[old]!
    }
  }
}

/** Spreads numbers, which come in runs, over 32 bits. */
function hash(number: number): number {
  const low = number | 0
  const high = (number / 0x1_0000_0000) | 0
  let bits = Math.imul(low ^ Math.imul(high, 0x9e37_79b1), 0x85eb_ca6b)
  bits = Math.imul(bits ^ (bits >>> 15), 0xc2b2_ae35)
  return bits ^ (bits >>> 13)
}
