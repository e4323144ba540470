import type { JsonObject, OperationItem, OperationSpec, ResourceError } from '@outdial/core'
import type { FieldError } from './errors.js'
import type { Phones } from './phones.js'

/** Why one operation of a task failed. */
export interface ItemErrorView {
  error: { errors: FieldError[]; message: string }
  /** JSON, as text: which object it was. */
  key: string
}

/** What an item's error needs to know of its job. */
export interface ItemAround {
  spec: OperationSpec
  /** Fields by which objects of this type are found. */
  keys: readonly string[]
  phones: Phones
}

/** A failed item. */
export function itemErrorView(item: OperationItem, around: ItemAround): ItemErrorView {
  const name = Object.keys(keyOf(item, around))[0] ?? ''
  return { error: errorOf(item, name), key: JSON.stringify(keyOf(item, around)) }
}

/** How an object is named: by its entry, or with a creation by a key of what was to be created, or by all of that. */
function keyOf({ entry, data = {} }: OperationItem, { spec, keys, phones }: ItemAround): JsonObject {
  const { field } = spec
  if (field !== undefined) return { [field]: numeric(phones.entryOut(entry ?? '', field), phones.has(field)) }
  const shown = phones.dataOut(data)
  const key = keys.find((name) => Object.hasOwn(shown, name))
  return key === undefined ? shown : { [key]: numeric(shown[key], phones.has(key)) }
}

/** Phone numbers are numbers here, as the service writes them. */
function numeric(value: unknown, phone: boolean): unknown {
  return phone && typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value) ? Number(value) : value
}

function errorOf({ state, reason, errors = [] }: OperationItem, key: string): ItemErrorView['error'] {
  if (state === 'failed' && reason === 'rejected')
    return { errors: errors.map((error) => fieldError(error, key)), message: 'object validation error' }
  if (state === 'failed' && reason === 'outcome_unknown')
    return { errors: [], message: 'nobody can say whether this was done' }
  if (state === 'failed') return { errors: [], message: 'this could not be done, time after time' }
  return { errors: [], message: state === 'expired' ? 'this was not done in time' : 'this was called off' }
}

function fieldError({ code, title, detail, pointer }: ResourceError, key: string): FieldError {
  const field = pointer === undefined ? key : pointer.split('/').slice(1).join('.')
  // Back ends name numbers in their own form, and in sentences of their own.
  if (code === 'already_exists') return { field, message: `this ${field} already exists` }
  if (code === 'not_found') return { field, message: `this ${field} does not exist` }
  return { field, message: detail ?? title }
}
