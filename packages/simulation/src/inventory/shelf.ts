import { OutdialError, type Resource } from '@outdial/core'
import { hashText, mix } from '../random/hash.js'
import { sixLetters } from '../random/letters.js'
import type { NumberFields } from './faults.js'

/** A number as the inventory keeps it. */
export interface KeptNumber {
  readonly organization: string
  readonly id: string
  fields: NumberFields
  /** The creation that made it; absent for those that were there from the start. */
  readonly ref?: string
  /** From when on it can be found. */
  readonly visibleAt: number
}

/** The numbers of all organizations. A phone number exists once in the world. */
export class Shelf {
  readonly #seed: number
  readonly #byId: Map<string, KeptNumber> = new Map()
  readonly #byPhone: Map<string, KeptNumber> = new Map()
  readonly #byRef: Map<string, KeptNumber> = new Map()
  #made = 0
  #offered = 0

  constructor(seed: number) {
    this.#seed = seed
  }

  *[Symbol.iterator](): Iterator<KeptNumber> {
    yield* this.#byId.values()
  }

  has(phone: string): boolean {
    return this.#byPhone.has(phone)
  }

  /** The number that a key names, if the organization has it. */
  find(organization: string, field: string, value: string): KeptNumber | undefined {
    const kept = field === 'id' ? this.#byId.get(value) : field === 'phonenumber' ? this.#byPhone.get(value) : undefined
    return kept?.organization === organization ? kept : undefined
  }

  /** The number that a creation made, if it is still there. */
  made(ref: string): KeptNumber | undefined {
    return this.#byRef.get(ref)
  }

  add(organization: string, given: NumberFields, visibleAt: number, ref?: string): KeptNumber {
    const phonenumber = typeof given.phonenumber === 'string' ? given.phonenumber : this.#free()
    const id = typeof given.id === 'string' && ref === undefined ? given.id : this.#id()
    if (this.#byPhone.has(phonenumber) || this.#byId.has(id)) {
      throw new OutdialError('invalid_options', `numbers: ${phonenumber} (${id}) is there already`, {
        field: 'numbers',
      })
    }
    const fields = { tags: [], deletion_lock_enabled: false, ...structuredClone(given), id, phonenumber }
    const kept: KeptNumber = { organization, id, fields, visibleAt, ...(ref !== undefined && { ref }) }
    this.#byId.set(id, kept)
    this.#byPhone.set(phonenumber, kept)
    if (ref !== undefined) this.#byRef.set(ref, kept)
    return kept
  }

  remove(kept: KeptNumber): void {
    this.#byId.delete(kept.id)
    this.#byPhone.delete(String(kept.fields.phonenumber))
    if (kept.ref !== undefined) this.#byRef.delete(kept.ref)
  }

  /** The next number that nobody has, of those reserved for fiction: +1 NPA 555-01xx. */
  #free(): string {
    for (;;) {
      const index = this.#offered++
      const phone = `+1${200 + Math.floor(index / 100)}55501${String(index % 100).padStart(2, '0')}`
      if (!this.#byPhone.has(phone)) return phone
    }
  }

  #id(): string {
    const name = String(this.#made++)
    return `num_${sixLetters(hashText(name, this.#seed))}${sixLetters(hashText(name, mix(this.#seed)))}`
  }
}

/** A number as the inventory shows it: a copy. */
export function resourceOf({ id, fields }: KeptNumber): Resource {
  return { id, fields: structuredClone(fields) }
}
