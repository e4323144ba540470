import type { ListedMember, Page } from '@outdial/core'
import { listedMember, type MemberList } from '@outdial/core/store'
import { type KeyKind, MemberTable, type ScannedMember } from './member-table.js'

/** The longest number that a double holds exactly, whatever its digits. */
const DIGITS = 15
const PLUS = 43
const ZERO = 48

/** Phone numbers as they are written in E.164 above zero, numbers without a plus below it. */
const NUMBERS: KeyKind<number> = {
  hash: (key) => {
    const size = Math.abs(key)
    const low = size % 0x1_0000_0000
    const high = (size - low) / 0x1_0000_0000
    return mixed(low ^ Math.imul(high, 0x9e37_79b1) ^ (key < 0 ? 0x5bd1_e995 : 0))
  },
  slots: (length) => new Float64Array(length),
}

const TEXTS: KeyKind<string> = {
  hash: (key) => {
    let hash = 0x811c_9dc5
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x0100_0193)
    return mixed(hash)
  },
  slots: (length) => new Array<string | 0>(length).fill(0),
}

/**
 * A list of people in memory. Phone numbers, which most lists have, and other numbers are kept as numbers: a million of
 * them take 17 MB. Anything else is kept as the text it is.
 */
export class PeopleList implements MemberList {
  asOf: number | undefined
  maxAgeMs: number | undefined
  readonly #time: { readonly now: number }
  readonly #numbers: MemberTable<number> = new MemberTable(NUMBERS)
  readonly #texts: MemberTable<string> = new MemberTable(TEXTS)

  constructor(time: { readonly now: number }) {
    this.#time = time
  }

  get size(): number {
    return this.#numbers.size + this.#texts.size
  }

  end(member: string): number | undefined {
    const number = numberOf(member)
    return number === 0 ? this.#texts.end(member) : this.#numbers.end(number)
  }

  reason(member: string): string | undefined {
    const number = numberOf(member)
    return number === 0 ? this.#texts.reason(member) : this.#numbers.reason(number)
  }

  put(member: string, end: number, reason: string | undefined): void {
    const number = numberOf(member)
    if (number === 0) this.#texts.put(member, end, reason, this.#time.now)
    else this.#numbers.put(number, end, reason, this.#time.now)
  }

  delete(member: string): void {
    const number = numberOf(member)
    if (number === 0) this.#texts.delete(member)
    else this.#numbers.delete(number)
  }

  clear(): void {
    this.#numbers.clear()
    this.#texts.clear()
  }

  /** Members by hash, numbers first. The cursor names the last one: a kind, its hash and itself. */
  scan(cursor: string | undefined, max: number): Page<ListedMember> {
    const [kind, hash, ...rest] = (cursor ?? 'n').split(':')
    const key = rest.join(':')
    const items: ListedMember[] = []
    const { now } = this.#time
    if (kind === 'n') {
      const after = hash === undefined ? undefined : { hash: Number(hash), key: Number(key) }
      const found = this.#numbers.scan(after, max, now)
      for (const one of found.slice(0, max)) items.push(shown(one, textOf(one.key)))
      const last = found[max - 1]
      if (last && found.length > max) return { items, cursor: `n:${last.hash}:${last.key}` }
    }
    const after = kind === 't' && hash !== undefined ? { hash: Number(hash), key } : undefined
    const left = max - items.length
    const found = this.#texts.scan(after, left, now)
    for (const one of found.slice(0, left)) items.push(shown(one, one.key))
    if (found.length <= left) return { items }
    const last = found[left - 1]
    return { items, cursor: last ? `t:${last.hash}:${last.key}` : 't' }
  }
}

function shown({ end, reason }: ScannedMember<number | string>, member: string): ListedMember {
  return listedMember(member, end, reason)
}

/** The number that stands for a member; 0 for one that is no number, or not written as {@link textOf} would. */
function numberOf(member: string): number {
  const from = member.charCodeAt(0) === PLUS ? 1 : 0
  const { length } = member
  if (length === from || length - from > DIGITS || member.charCodeAt(from) === ZERO) return 0
  let number = 0
  for (let i = from; i < length; i++) {
    const digit = member.charCodeAt(i) - ZERO
    if (digit < 0 || digit > 9) return 0
    number = number * 10 + digit
  }
  return from === 1 ? number : -number
}

function textOf(number: number): string {
  return number > 0 ? `+${number}` : String(-number)
}

/** 32 bits, each of which depends on all that were given. */
function mixed(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
