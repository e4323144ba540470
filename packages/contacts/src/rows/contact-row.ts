import type { AcceptedRow, Contact, ContactColumn, RawRow, RejectedRow, RowProblem, RowResult } from '@outdial/core'
import { readNotBefore } from '../fields/not-before.js'
import { isEmpty, type Reading } from '../fields/reading.js'
import { readReference } from '../fields/reference.js'
import { readTimezone } from '../fields/timezone.js'
import { readWholeNumber } from '../fields/whole-number.js'
import { phoneProblem, readPhone } from '../phone/read-phone.js'
import { problem, show } from '../problems.js'
import type { RowSettings } from './settings.js'

/** Turns raw rows into contacts, or finds everything that is wrong with them. */
export class RowReader<Variables> {
  readonly #settings: RowSettings<Variables>
  /** Columns with a reserved name that the report has been warned of: once is enough. */
  readonly #warned = new Set<string>()

  constructor(settings: RowSettings<Variables>) {
    this.#settings = settings
  }

  /** Never throws for a bad row. `columns` spares looking them up in every row. */
  read(raw: RawRow, columns: readonly string[] = Object.keys(raw.fields)): RowResult<Variables> {
    if (raw.problems !== undefined && raw.problems.length > 0) return rejected(raw, [...raw.problems])
    const row = new OpenRow(raw, this.#settings)
    const reserved: string[] = []
    for (const column of columns) {
      const use = this.#settings.columns.use(column)
      if (use.field === undefined) row.variables[column] = raw.fields[column]
      else row.field(use.field, column)
      if (use.reserved) reserved.push(column)
    }
    const result = row.finish()
    if (result.status === 'rejected') return result
    if (raw.warnings === undefined && reserved.length === 0) return result
    const warnings = [...(raw.warnings ?? []), ...this.#warnings(reserved)]
    if (warnings.length > 0) result.warnings = warnings
    return result
  }

  #warnings(reserved: readonly string[]): RowProblem[] {
    const fresh = reserved.filter((column) => !this.#warned.has(column))
    return fresh.map((column) => {
      this.#warned.add(column)
      const message = `A column is called ${show(column)}: its values are kept as they are, but software may stumble over it`
      return problem('column_name_reserved', message, column)
    })
  }
}

/** A row while its fields are being read. */
class OpenRow<Variables> {
  /** Without prototype, for a column may be called `__proto__`. */
  readonly variables: Record<string, unknown> = Object.create(null)
  readonly #raw: RawRow
  readonly #settings: RowSettings<Variables>
  readonly #contact: Partial<Record<ContactColumn, string | number>> = {}
  readonly #problems: RowProblem[] = []
  /** Field → the column that held it. */
  #columns: Partial<Record<ContactColumn, string>> = {}

  constructor(raw: RawRow, settings: RowSettings<Variables>) {
    this.#raw = raw
    this.#settings = settings
  }

  field(field: ContactColumn, column: string): void {
    const other = this.#columns[field]
    this.#columns[field] = column
    if (other !== undefined) {
      const message = `Columns ${show(other)} and ${show(column)} both hold the ${field}`
      this.#problems.push(problem('column_ambiguous', message, column))
      return
    }
    const cell = this.#raw.fields[column]
    const reading = field === 'phone' ? this.#phone(cell, column) : this.#optional(field, cell, column)
    if (reading === undefined) return
    if ('problem' in reading) this.#problems.push(reading.problem)
    else this.#contact[field] = reading.value
  }

  finish(): AcceptedRow<Variables> | RejectedRow {
    if (this.#columns.phone === undefined) this.#problems.push(noPhone(this.#settings.columns.nameOf('phone')))
    const shaped = this.#settings.variables?.(this.variables) ?? { value: this.variables as Variables }
    if ('problems' in shaped) this.#problems.push(...shaped.problems)
    const [first, ...more] = this.#problems
    if (first !== undefined || 'problems' in shaped) return rejected(this.#raw, [first!, ...more])
    // Each field was read by the reader of its type.
    const contact = Object.assign(this.#contact, { variables: shaped.value }) as Contact<Variables>
    const { row, line } = this.#raw
    return line === undefined ? { status: 'accepted', row, contact } : { status: 'accepted', row, line, contact }
  }

  #phone(cell: unknown, column: string): Reading<string> {
    if (isEmpty(cell)) return { problem: problem('phone_missing', 'The phone is empty', column) }
    if (typeof cell !== 'string' && typeof cell !== 'number' && typeof cell !== 'bigint') {
      return { problem: problem('phone_not_e164', 'The phone must be text, such as "+12025550100"', column) }
    }
    const reading = readPhone(String(cell), this.#settings.region)
    return 'e164' in reading ? { value: reading.e164 } : { problem: phoneProblem(reading, column) }
  }

  #optional(field: Exclude<ContactColumn, 'phone'>, cell: unknown, column: string): Reading<string | number> {
    switch (field) {
      case 'externalId':
        return readReference(cell, column, 'external_id_invalid')
      case 'agent':
        return readReference(cell, column, 'agent_invalid')
      case 'attempts':
        return readWholeNumber(cell, column, { code: 'attempts_invalid', from: 1, to: 1000 })
      case 'priority':
        return readWholeNumber(cell, column, { code: 'priority_invalid', from: -100, to: 100 })
      case 'notBefore':
        return readNotBefore(cell, column, this.#settings.zone)
      case 'timezone':
        return readTimezone(cell, column)
      case 'callerId':
        return this.#callerId(cell, column)
    }
  }

  #callerId(cell: unknown, column: string): Reading<string> {
    if (isEmpty(cell)) return undefined
    const reading = this.#phone(cell, column)
    return reading !== undefined && 'problem' in reading
      ? { problem: problem('caller_id_invalid', reading.problem.message, column) }
      : reading
  }
}

function noPhone(column: string): RowProblem {
  return problem('phone_missing', `The row has no column ${show(column)}`, column)
}

function rejected({ row, line }: RawRow, problems: RowProblem[]): RejectedRow {
  const all = problems as [RowProblem, ...RowProblem[]]
  return line === undefined
    ? { status: 'rejected', row, problems: all }
    : { status: 'rejected', row, line, problems: all }
}
