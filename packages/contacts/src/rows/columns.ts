import type { ContactColumn, ReadOptions } from '@outdial/core'
import { optionError, show, sourceError } from '../problems.js'

/** What a column of the source is. */
export interface ColumnUse {
  /** The field of the contact that it holds; `undefined`: a variable. */
  field: ContactColumn | undefined
  /** Named like a property that objects have anyway. */
  reserved: boolean
}

const FIELDS: readonly ContactColumn[] = [
  'phone',
  'externalId',
  'attempts',
  'notBefore',
  'timezone',
  'callerId',
  'agent',
  'priority',
]

const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Names looked up so far are remembered; rows of JSON may each have their own, so not without limit. */
const REMEMBERED = 10_000

/** Knows which column holds what. */
export class Columns {
  /** Field → name of its column as the caller gave it, or its own name. */
  readonly #names: ReadonlyMap<ContactColumn, string>
  readonly #fields = new Map<string, ContactColumn>()
  readonly #uses = new Map<string, ColumnUse>()
  /** Columns that the caller named: the source must have them. */
  readonly #asked: readonly string[]

  constructor(columns: ReadOptions['columns'] = {}) {
    const names = new Map<ContactColumn, string>()
    for (const field of FIELDS) {
      const name = columns[field] ?? field
      if (name !== false) names.set(field, checkedName(name, field))
    }
    if (!names.has('phone')) throw optionError('columns.phone', 'The phone column cannot be switched off')
    for (const [field, name] of names) {
      const other = this.#fields.get(folded(name))
      if (other !== undefined)
        throw optionError(`columns.${field}`, `${field} and ${other} are both in column ${show(name)}`)
      this.#fields.set(folded(name), field)
    }
    this.#names = names
    this.#asked = FIELDS.filter((field) => typeof columns[field] === 'string').map((field) => columns[field] as string)
  }

  use(column: string): ColumnUse {
    let use = this.#uses.get(column)
    if (use === undefined) {
      use = { field: this.#fields.get(folded(column)), reserved: RESERVED.has(column) }
      if (this.#uses.size < REMEMBERED) this.#uses.set(column, use)
    }
    return use
  }

  /** Name of the column of a field, as the caller gave it. */
  nameOf(field: ContactColumn): string {
    return this.#names.get(field) ?? field
  }

  /** Throws when the header lacks the phone or another column that was asked for by name. */
  check(header: readonly string[]): void {
    const found = new Set(header.map(folded))
    const phone = this.nameOf('phone')
    const details = { found: [...header] }
    const list = `the columns are ${header.map(show).join(', ')}`
    if (!found.has(folded(phone))) {
      const noHeader = header.some((name) => /^\+?\d[\d\s().-]{5,}$/.test(name))
      const advice = noHeader ? '. The first line looks like a contact: a header is needed above it' : ''
      throw sourceError('phone_column_missing', `No column is called ${show(phone)}; ${list}${advice}`, details)
    }
    const missing = this.#asked.find((name) => !found.has(folded(name)))
    if (missing !== undefined)
      throw sourceError('column_missing', `No column is called ${show(missing)}; ${list}`, details)
  }
}

/** Letters that matter when names are compared. */
function folded(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '')
}

function checkedName(name: unknown, field: ContactColumn): string {
  if (typeof name === 'string' && folded(name) !== '') return name
  throw optionError(`columns.${field}`, `columns.${field} must be the name of a column, or false`)
}
