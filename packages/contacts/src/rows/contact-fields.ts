import type { ContactColumn } from '@outdial/core'
import { readNotBefore } from '../fields/not-before.js'
import { isEmpty, type Reading } from '../fields/reading.js'
import { readReference } from '../fields/reference.js'
import { readTimezone } from '../fields/timezone.js'
import { readWholeNumber } from '../fields/whole-number.js'
import { phoneProblem, readPhone } from '../phone/read-phone.js'
import { problem } from '../problems.js'
import type { RowSettings } from './settings.js'

/** Reads a cell as the field of a contact that its column holds. */
export function readField(
  field: ContactColumn,
  cell: unknown,
  column: string,
  settings: RowSettings<unknown>,
): Reading<string | number> {
  switch (field) {
    case 'phone':
      return phone(cell, column, settings)
    case 'externalId':
      return readReference(cell, column, 'external_id_invalid')
    case 'agent':
      return readReference(cell, column, 'agent_invalid')
    case 'attempts':
      return readWholeNumber(cell, column, { code: 'attempts_invalid', from: 1, to: 1000 })
    case 'priority':
      return readWholeNumber(cell, column, { code: 'priority_invalid', from: -100, to: 100 })
    case 'notBefore':
      return readNotBefore(cell, column, settings.zone)
    case 'timezone':
      return readTimezone(cell, column)
    case 'callerId':
      return callerId(cell, column, settings)
  }
}

function phone(cell: unknown, column: string, { region }: RowSettings<unknown>): Reading<string> {
  if (isEmpty(cell)) return { problem: problem('phone_missing', 'The phone is empty', column) }
  if (typeof cell !== 'string' && typeof cell !== 'number' && typeof cell !== 'bigint') {
    return { problem: problem('phone_not_e164', 'The phone must be text, such as "+12025550100"', column) }
  }
  const reading = readPhone(String(cell), region)
  return 'e164' in reading ? { value: reading.e164 } : { problem: phoneProblem(reading, column) }
}

function callerId(cell: unknown, column: string, settings: RowSettings<unknown>): Reading<string> {
  if (isEmpty(cell)) return undefined
  const reading = phone(cell, column, settings)
  return reading !== undefined && 'problem' in reading
    ? { problem: problem('caller_id_invalid', reading.problem.message, column) }
    : reading
}
