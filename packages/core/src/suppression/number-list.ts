import { OutdialError } from '../errors/outdial-error.js'
import type { ContactReader } from '../ports/contacts.js'
import type { SuppressionNumbers } from './options.js'

/** Reads and checks all numbers before anything is done with them. `invalid_options` names the first that is none. */
export async function readNumbers(reader: ContactReader, numbers: SuppressionNumbers): Promise<NumberList> {
  const list = new NumberList(reader)
  if (typeof numbers === 'string' || !isIterable(numbers)) {
    throw new OutdialError(
      'invalid_options',
      'numbers: expected a list of numbers, or a reader such as numbersFile()',
      {
        field: 'numbers',
      },
    )
  }
  if (Symbol.iterator in numbers) for (const number of numbers) list.add(number)
  else {
    for await (const some of numbers) {
      if (typeof some === 'string') list.add(some)
      else for (const number of some) list.add(number)
    }
  }
  return list
}

function isIterable(given: unknown): boolean {
  return typeof given === 'object' && given !== null && (Symbol.iterator in given || Symbol.asyncIterator in given)
}

/**
 * Phone numbers, in order. An E.164 number has at most 15 digits, which a JavaScript number holds exactly: a million of them take
 * eight megabytes, and as text ten times as much.
 */
export class NumberList {
  readonly #reader: ContactReader
  readonly #digits: number[] = []

  constructor(reader: ContactReader) {
    this.#reader = reader
  }

  get size(): number {
    return this.#digits.length
  }

  add(number: string): void {
    if (typeof number !== 'string') throw this.#none('expected a phone number, in text')
    const { number: read } = this.#reader
    const e164 = read === undefined ? undefined : read.call(this.#reader, number)
    this.#digits.push(digitsOf(e164 ?? this.#checked(number)))
  }

  /** So many numbers at a time, as text. */
  *chunks(size: number): Generator<string[], void, undefined> {
    for (let at = 0; at < this.#digits.length; at += size) yield this.#digits.slice(at, at + size).map(numberOf)
  }

  /** Tells of a number whether it is among them. */
  among(): (number: string) => boolean {
    const all = new Set(this.#digits)
    return (number) => all.has(digitsOf(number))
  }

  #checked(number: string): string {
    const read = this.#reader.phone(number)
    if ('e164' in read) return read.e164
    throw this.#none(read.message)
  }

  #none(problem: string): OutdialError {
    const field = `numbers[${this.#digits.length}]`
    return new OutdialError('invalid_options', `${field}: ${problem}`, { field })
  }
}

function digitsOf(number: string): number {
  return Number(number.slice(1))
}

function numberOf(digits: number): string {
  return `+${digits}`
}
