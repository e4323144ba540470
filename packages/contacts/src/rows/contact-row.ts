import type { Contact, ContactColumn, RawRow, RejectedRow, RowProblem, RowResult } from '@outdial/core'
import type { Limits } from '../limits.js'
import { isE164 } from '../phone/e164.js'
import { problem, show } from '../problems.js'
import { isRecord, notObject } from '../sources/object-rows.js'
import { valueFaults } from '../sources/value-faults.js'
import { readField } from './contact-fields.js'
import type { RowSettings } from './settings.js'
import { emptyVariables } from './variables.js'

/** A column of a row, with what it has to do with the columns before it. */
interface ColumnOfRow {
  readonly name: string
  /** The field of the contact that it holds; `undefined`: a variable. */
  readonly field: ContactColumn | undefined
  /** Another column that holds the same field. */
  readonly other: string | undefined
}

/** Turns rows into contacts, or finds everything that is wrong with them. Never throws for a bad row. */
export class RowReader<Variables> {
  readonly #settings: RowSettings<Variables>
  /** Columns with a reserved name that the report has been warned of: once is enough. */
  readonly #warned = new Set<string>()
  /** Names of the columns of the row before, and what they are: as a rule those of the next one are the same. */
  #names: readonly string[] = []
  #columns: readonly ColumnOfRow[] = []
  #reserved: readonly string[] = []
  #hasPhone = false

  constructor(settings: RowSettings<Variables>) {
    this.#settings = settings
  }

  /** A row of a source, which has checked its values. `names` spares looking them up in every row. */
  read(raw: RawRow, names: readonly string[] = Object.keys(raw.fields)): RowResult<Variables> {
    const { row, line, fields, problems, warnings } = raw
    if (problems !== undefined && problems.length > 0) return rejected(row, line, [...problems])
    if (names !== this.#names && !isSame(names, this.#names)) this.#look(names)
    return this.#contact(row, line, fields, warnings)
  }

  /** An object as a host has it. */
  readObject(value: unknown, row: number, limits: Limits): RowResult<Variables> {
    if (!isRecord(value)) return rejected(row, undefined, [notObject(value)])
    const alike = hasNames(value, this.#names)
    const names = alike ? this.#names : Object.keys(value)
    const faults = valueFaults(value, names, limits, alike)
    if (faults !== undefined) return rejected(row, undefined, faults)
    if (!alike) this.#look(names)
    return this.#contact(row, undefined, value)
  }

  #contact(
    row: number,
    line: number | undefined,
    fields: Readonly<Record<string, unknown>>,
    odd?: readonly RowProblem[] | undefined,
  ): RowResult<Variables> {
    const settings = this.#settings
    const variables = emptyVariables()
    const found: Partial<Record<ContactColumn, string | number>> & { variables?: unknown } = {
      phone: '',
      variables: undefined,
    }
    let problems: RowProblem[] | undefined
    for (const { name, field, other } of this.#columns) {
      const cell = fields[name]
      if (field === undefined) {
        variables[name] = cell
        continue
      }
      if (field === 'phone' && other === undefined && typeof cell === 'string' && isE164(cell)) {
        found.phone = cell
        continue
      }
      const reading = other === undefined ? readField(field, cell, name, settings) : ambiguous(field, name, other)
      if (reading === undefined) continue
      if ('value' in reading) found[field] = reading.value
      else {
        problems ??= []
        problems.push(reading.problem)
      }
    }
    if (!this.#hasPhone) {
      problems ??= []
      problems.push(noPhone(settings.columns.nameOf('phone')))
    }
    const shaped = settings.variables?.(variables)
    if (shaped === undefined) found.variables = variables
    else if ('problems' in shaped) problems = [...(problems ?? []), ...shaped.problems]
    else found.variables = shaped.value
    if (problems !== undefined) return rejected(row, line, problems)
    // Each field was read by the reader of its type.
    const contact = found as Contact<Variables>
    const result: RowResult<Variables> =
      line === undefined ? { status: 'accepted', row, contact } : { status: 'accepted', row, line, contact }
    if (odd === undefined && this.#reserved.length === 0) return result
    const warnings = [...(odd ?? []), ...this.#warnings()]
    if (warnings.length > 0) result.warnings = warnings
    return result
  }

  #look(names: readonly string[]): void {
    const holders = new Map<ContactColumn, string>()
    const uses = names.map((name) => this.#settings.columns.use(name))
    this.#columns = names.map((name, i) => {
      const field = uses[i]?.field
      const other = field && holders.get(field)
      if (field !== undefined) holders.set(field, name)
      return { name, field, other }
    })
    this.#reserved = names.filter((_, i) => uses[i]?.reserved)
    this.#hasPhone = holders.has('phone')
    this.#names = names
  }

  #warnings(): RowProblem[] {
    const fresh = this.#reserved.filter((column) => !this.#warned.has(column))
    return fresh.map((column) => {
      this.#warned.add(column)
      const message = `A column is called ${show(column)}: its values are kept as they are, but software may stumble over it`
      return problem('column_name_reserved', message, column)
    })
  }
}

function ambiguous(field: ContactColumn, column: string, other: string): { problem: RowProblem } {
  const message = `Columns ${show(other)} and ${show(column)} both hold the ${field}`
  return { problem: problem('column_ambiguous', message, column) }
}

function noPhone(column: string): RowProblem {
  return problem('phone_missing', `The row has no column ${show(column)}`, column)
}

function rejected(row: number, line: number | undefined, problems: RowProblem[]): RejectedRow {
  const all = problems as [RowProblem, ...RowProblem[]]
  return line === undefined
    ? { status: 'rejected', row, problems: all }
    : { status: 'rejected', row, line, problems: all }
}

function isSame(names: readonly string[], others: readonly string[]): boolean {
  return names.length === others.length && names.every((name, i) => name === others[i])
}

/** Whether these are the own properties of an object, in this order. Looked at one by one, so that no list of them is made. */
function hasNames(value: object, names: readonly string[]): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  // Others may have properties to hand down.
  if (prototype !== null && prototype !== Object.prototype) return false
  let at = 0
  for (const name in value) if (name !== names[at++]) return false
  return at === names.length
}
