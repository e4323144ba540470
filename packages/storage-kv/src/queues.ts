import type { MemberSet, OrderedSet, TimeQueue } from '@outdial/core/store'
import { decode, encode, ORDERED_LENGTH, ordered, orderedNumber, part } from './codec.js'
import type { Reads } from './reads.js'
import { Span, type Write } from './span.js'

/** Members by score, in two ranges: scores by member, and members by score. */
export class ScoreSet implements OrderedSet {
  readonly #scores: Span
  readonly #order: Span

  constructor(reads: Reads, prefix: string) {
    this.#scores = new Span(reads, `${prefix}/s`)
    this.#order = new Span(reads, `${prefix}/o`)
  }

  get empty(): boolean {
    return this.#order.first() === undefined
  }

  set(member: string, score: number): void {
    const known = this.score(member)
    if (known === score) return
    if (known !== undefined) this.#order.delete(this.#orderKey(member, known))
    this.#order.set(this.#orderKey(member, score), encode(member))
    this.#scores.set(this.#scoreKey(member), encode(score))
  }

  delete(member: string): void {
    const known = this.score(member)
    if (known === undefined) return
    this.#order.delete(this.#orderKey(member, known))
    this.#scores.delete(this.#scoreKey(member))
  }

  score(member: string): number | undefined {
    const text = this.#scores.get(this.#scoreKey(member))
    return text === undefined ? undefined : decode<number>(text)
  }

  first(): { member: string; score: number } | undefined {
    const first = this.#order.first()
    if (!first) return undefined
    const from = this.#order.prefix.length + 1
    return { member: decode<string>(first[1]), score: orderedNumber(first[0].slice(from, from + ORDERED_LENGTH)) }
  }

  flush(write: Write): void {
    this.#scores.flush(write)
    this.#order.flush(write)
  }

  #scoreKey(member: string): string {
    return `${this.#scores.prefix}/${part(member)}`
  }
  #orderKey(member: string, score: number): string {
    return `${this.#order.prefix}/${ordered(score)}/${part(member)}`
  }
}

/** Members in no order. */
export class Members implements MemberSet {
  readonly #span: Span

  constructor(reads: Reads, prefix: string) {
    this.#span = new Span(reads, prefix)
  }

  get empty(): boolean {
    return this.#span.first() === undefined
  }

  add(member: string): void {
    this.#span.set(`${this.#span.prefix}/${part(member)}`, encode(member))
  }

  drain(): readonly string[] {
    return this.#span.drain().map(([, text]) => decode<string>(text))
  }

  flush(write: Write): void {
    this.#span.flush(write)
  }
}

/** Values by time. `name` tells those of the same time apart; the same value at the same time is there once. */
export class ByTime<T> implements TimeQueue<T> {
  readonly #span: Span
  readonly #name: (value: T) => string

  constructor(reads: Reads, prefix: string, name: (value: T) => string) {
    this.#span = new Span(reads, prefix)
    this.#name = name
  }

  get next(): number {
    const first = this.#span.first()
    return first ? this.#time(first[0]) : Number.POSITIVE_INFINITY
  }

  add(at: number, value: T): void {
    this.#span.set(`${this.#span.prefix}/${ordered(at)}/${this.#name(value)}`, encode(value))
  }

  take(now: number): T | undefined {
    const first = this.#span.first()
    if (!first || this.#time(first[0]) > now) return undefined
    this.#span.delete(first[0])
    return decode<T>(first[1])
  }

  flush(write: Write): void {
    this.#span.flush(write)
  }

  #time(key: string): number {
    const from = this.#span.prefix.length + 1
    return orderedNumber(key.slice(from, from + ORDERED_LENGTH))
  }
}
