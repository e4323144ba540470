import { OutdialError } from '@outdial/core'

/** What a packed key takes, and the index of its task. */
export const KEY = 8
const INDEX = 4
const DIGITS = /^\d{1,18}$/
/** Keys of a page, about. */
const PAGE = 256
/** A key's two numbers, and its task's index plus one: zero where there is no key. */
const SLOT = 3

/**
 * The dedup keys of a job's first batch, and which task each is of: by open addressing, twelve bytes a slot, since a job can have
 * millions. A key is 1 to 18 digits and is told as two numbers of 31 bits: what comes before its last nine digits, and these. The
 * first that there is follows a one, so that leading zeros count. The scripts do the same, in lua/dedup-keys.lua.ts.
 */
export class KeyTable {
  #slots: Uint32Array = new Uint32Array(1024 * SLOT)
  #size = 0

  /** What was packed of so many tasks, one after the other; zeros are of one without a key. */
  static of(packed: Buffer, tasks: number): KeyTable {
    const table = new KeyTable()
    for (let index = 0; index < tasks; index++) {
      const low = packed.readUInt32BE(index * KEY + 4)
      if (low > 0 || packed.readUInt32BE(index * KEY) > 0) table.#add(packed.readUInt32BE(index * KEY), low, index)
    }
    return table
  }

  /**
   * Adds the key of a task, and packs it at a place among others. Answers which task has it already, and adds nothing then.
   */
  add(key: string, index: number, packed: Buffer, place: number): number | undefined {
    if (!DIGITS.test(key)) {
      throw new OutdialError('invalid_options', `A dedup key is 1 to 18 digits, not ${JSON.stringify(key)}.`, {
        field: 'key',
      })
    }
    const cut = key.length - 9
    const high = cut < 0 ? 0 : numberIn(key, 0, cut, 1)
    const low = cut < 0 ? numberIn(key, 0, key.length, 1) : numberIn(key, cut, key.length, 0)
    const of = this.#add(high, low, index)
    if (of !== undefined) return of
    packed.writeUInt32BE(high, place * KEY)
    packed.writeUInt32BE(low, place * KEY + 4)
    return undefined
  }

  /** All of them as they are kept: a page is the keys whose second number has the same remainder, and then their tasks. */
  pages(): Buffer[] {
    if (this.#size === 0) return []
    // An odd number: what numbers of one owner have in common is most often a factor of ten.
    const count = Math.ceil(this.#size / PAGE) | 1
    const sizes = new Uint32Array(count)
    this.#each((_, low) => {
      sizes[low % count]! += 1
    })
    const pages = Array.from(sizes, (size) => Buffer.allocUnsafe(size * (KEY + INDEX)))
    const filled = new Uint32Array(count)
    this.#each((high, low, index) => {
      const number = low % count
      const page = pages[number] as Buffer
      const place = filled[number]!++
      page.writeUInt32BE(high, place * KEY)
      page.writeUInt32BE(low, place * KEY + 4)
      page.writeUInt32BE(index, (sizes[number] as number) * KEY + place * INDEX)
    })
    return pages
  }

  #add(high: number, low: number, index: number): number | undefined {
    if (this.#size * SLOT * 1.6 > this.#slots.length) this.#grow()
    const at = this.#slotOf(high, low)
    const slots = this.#slots
    const known = slots[at + 2] as number
    if (known > 0) return known - 1
    this.#put(at, high, low, index)
    this.#size++
    return undefined
  }

  /** Where a key is, or would be. */
  #slotOf(high: number, low: number): number {
    const slots = this.#slots
    const mask = slots.length / SLOT - 1
    const mixed = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)
    for (let slot = (mixed ^ (mixed >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * SLOT
      if (slots[at + 2] === 0 || (slots[at] === high && slots[at + 1] === low)) return at
    }
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    for (let at = 0; at < old.length; at += SLOT) {
      const index = old[at + 2] as number
      if (index === 0) continue
      const high = old[at] as number
      const low = old[at + 1] as number
      this.#put(this.#slotOf(high, low), high, low, index - 1)
    }
  }

  #put(at: number, high: number, low: number, index: number): void {
    this.#slots[at] = high
    this.#slots[at + 1] = low
    this.#slots[at + 2] = index + 1
  }

  #each(tell: (high: number, low: number, index: number) => void): void {
    const slots = this.#slots
    for (let at = 0; at < slots.length; at += SLOT) {
      const index = slots[at + 2] as number
      if (index > 0) tell(slots[at] as number, slots[at + 1] as number, index - 1)
    }
  }
}

/** The number that digits from one place to another say behind others. */
function numberIn(text: string, from: number, to: number, before: number): number {
  let number = before
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - 48
  return number
}
