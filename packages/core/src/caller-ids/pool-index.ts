import { commonPrefix, nearness } from './calling-code.js'

/** The numbers of a pool, so that few of them are looked at whatever their number. */
export class PoolIndex {
  readonly numbers: readonly string[]
  readonly #known: ReadonlySet<string>
  /** Their digits in order: those that begin alike stand together. */
  readonly #sorted: readonly string[]

  constructor(numbers: readonly string[]) {
    this.numbers = numbers
    this.#known = new Set(numbers)
    this.#sorted = numbers.map((number) => number.slice(1)).sort()
  }

  has(number: string): boolean {
    return this.#known.has(number)
  }

  /** All numbers, each once, from a place that goes on evenly with `turn`, with gaps that differ from turn to turn. */
  *rotated(turn: number): Generator<string> {
    const { length } = this.numbers
    const step = strideOf(turn, length)
    for (let i = 0, at = turn % length; i < length; i++, at = (at + step) % length) yield this.numbers[at] as string
  }

  /** The numbers nearest to one that is called, down to its country; of those that are as near, another one first at each turn. */
  *near(phone: string, turn: number): Generator<string> {
    const digits = phone.slice(1)
    let from = 0
    let until = 0
    for (const length of nearness(digits, this.#longest(digits))) {
      const prefix = digits.slice(0, length)
      const first = this.#firstFrom(prefix)
      const end = this.#firstFrom(`${prefix}:`)
      const count = end - first - (until - from)
      for (let i = 0; i < count; i++) {
        const place = first + ((turn + i) % count)
        // Those in the middle were nearer.
        yield `+${this.#sorted[place < from || until === from ? place : place + until - from]}`
      }
      from = first
      until = end
    }
  }

  /** How many digits the number nearest to these has in common with them: it is next to where they would stand. */
  #longest(digits: string): number {
    const at = this.#firstFrom(digits)
    const before = commonPrefix(digits, this.#sorted[at - 1] ?? '')
    return Math.max(before, commonPrefix(digits, this.#sorted[at] ?? ''))
  }

  #firstFrom(text: string): number {
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sorted[middle] as string) < text) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** A step that meets every one of so many places before it comes back: it shares no divisor with their number. */
function strideOf(turn: number, length: number): number {
  if (length < 3) return 1
  // Knuth's multiplicative hash: turns that follow each other get steps far apart.
  let step = 1 + ((Math.imul(turn + 1, 0x9e37_79b1) >>> 0) % (length - 1))
  while (divisor(step, length) !== 1) step = step === 1 ? length - 1 : step - 1
  return step
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}
