import type { JsonObject } from '@outdial/core'
import { numberOf } from '../../frame/number-of.js'
import { objectInvalid } from './errors.js'

/** Phone numbers are digits on the wire and E.164 for back ends: translated here, in the fields that a type says hold one. */
export class Phones {
  readonly #fields: ReadonlySet<string>

  constructor(fields: ReadonlySet<string>) {
    this.#fields = fields
  }

  /** Whether entries that are found by this field are phone numbers. */
  has(field: string | undefined): boolean {
    return field !== undefined && this.#fields.has(field)
  }

  /** An entry for the back end. One that cannot be a phone number is refused, naming its place. */
  entryIn(entry: string, field: string, index: number): string {
    return this.has(field) ? e164(entry, () => `entries[${index}]`) : entry
  }

  /** Fields for the back end, likewise. `place` is where they were sent. */
  dataIn(data: JsonObject, place: () => string): JsonObject {
    return this.#mapped(data, (value, name) => e164(value, () => `${place()}.${name}`))
  }

  /** An entry as the wire has it. */
  entryOut(entry: string, field: string | undefined): string {
    return this.has(field) ? digits(entry) : entry
  }

  /** Fields as the wire has them. */
  dataOut(data: JsonObject): JsonObject {
    return this.#mapped(data, (value) => (typeof value === 'string' ? digits(value) : value))
  }

  #mapped(data: JsonObject, change: (value: unknown, name: string) => unknown): JsonObject {
    let changed: Record<string, unknown> | undefined
    for (const name of this.#fields) {
      if (!Object.hasOwn(data, name)) continue
      changed ??= { ...data }
      changed[name] = change(data[name], name)
    }
    return changed ?? data
  }
}

function e164(text: unknown, place: () => string): string {
  const phone = typeof text === 'string' && /^\d+$/.test(text) ? `+${text}` : undefined
  if (phone === undefined || numberOf(phone) !== phone)
    throw objectInvalid(place(), 'must be a phone number in E.164 without the plus sign')
  return phone
}

/** What is no E.164 number is left as it is: it was not written through this dialect. */
function digits(text: string): string {
  return /^\+\d+$/.test(text) ? text.slice(1) : text
}
