import type { OutdialError, RowIssue } from '@outdial/core'
import { type FailedRequest, type Failure, statusOf } from '../../frame/failure.js'
import { fieldOf } from '../../frame/parse.js'
import { WireError } from '../../frame/wire-error.js'
import type { BatchStatus } from './states.js'

function wireError(status: number, message: string, error: string): WireError {
  return new WireError(status, { message, status: 'error', error, data: null })
}

/** Something in a request is wrong, or cannot be done with a batch call as it is. */
function validationError(error: string, status = 400): WireError {
  return wireError(status, 'Validation error', error)
}

/** A field that no schema could judge. */
export function invalidField(field: string, problem: string): WireError {
  return validationError(`${field}: ${problem}`)
}

/** The status of the batch call does not allow it. */
export function cannot(what: 'update' | 'delete' | 'execute', status: BatchStatus): WireError {
  return validationError(`Cannot ${what} batch call with status ${status.toUpperCase()}`)
}

export function batchNotFound(id: string, organization: string): WireError {
  const error = `Batch call with ID '${id}' does not exist in organization '${organization}'`
  return wireError(404, 'Batch call not found', error)
}

/** Fields as the engine calls them, and as clients do. */
const FIELDS: Readonly<Record<string, string>> = {
  from: 'from_number',
  start: 'trigger_timestamp',
  agent: 'agent_id',
  contacts: 'tasks',
  attempts: 'retry_config.max_attempts',
  retry: 'retry_rules',
  window: 'quiet_hours',
}
const COLUMNS: Readonly<Record<string, string>> = { phone: 'to_number', attempts: 'max_retries', agent: 'agent_id' }

/** Everything that goes wrong outside the handlers, in the service's envelope. */
export function failure(failed: Failure, { method, path }: FailedRequest): WireError {
  const status = statusOf(failed)
  switch (failed.kind) {
    case 'unauthenticated':
      return wireError(401, 'Unauthorized', 'Missing or invalid API key or secret')
    case 'forbidden':
      return wireError(403, 'Forbidden', `The API key lacks a scope: ${failed.scopes.join(' or ')}`)
    case 'not_found':
      return wireError(404, 'Not found', `${method} ${path} does not exist`)
    case 'method_not_allowed':
      return wireError(405, 'Method not allowed', `Allowed here: ${failed.allowed.join(', ')}`)
    case 'missing':
      if (failed.what === 'number')
        return validationError(`from_number: ${failed.id} is not a phone number of the organization`)
      return wireError(404, 'Not found', `There is no ${failed.what} with ID '${failed.id}'`)
    case 'invalid': {
      const [issue] = failed.issues
      const field = fieldOf(issue)
      return validationError(field === '' ? issue.message : `${field}: ${issue.message}`)
    }
    case 'malformed':
      return validationError(failed.problem)
    case 'unsupported_media_type':
      return wireError(status, 'Unsupported media type', `Expected ${failed.expected.join(' or ')}`)
    case 'too_large':
      return wireError(status, 'Request too large', `At most ${failed.limit} bytes of ${failed.what} are taken`)
    case 'too_slow':
      return wireError(status, 'Request timeout', 'The body came too slowly')
    case 'rate_limited':
      return wireError(status, 'Too many requests', `At most ${failed.limit} requests a second`)
    case 'too_many_streams':
      return wireError(status, 'Too many requests', `At most ${failed.limit} streams at once`)
    case 'refused':
      return refused(failed.error, status)
    case 'internal':
      return internal(status)
  }
}

function internal(status: number): WireError {
  return wireError(status, 'Internal Server Error', 'The request could not be completed')
}

function refused({ code, message, details }: OutdialError<string>, status: number): WireError {
  if (status >= 500) return internal(status)
  const { field, rejected } = details as { field?: string; rejected?: readonly RowIssue[] }
  const [row] = rejected ?? []
  if (row) {
    const column = row.column === undefined ? '' : `.${COLUMNS[row.column] ?? row.column}`
    return validationError(`tasks[${row.row - 1}]${column}: ${row.message}`)
  }
  if (code === 'revision_conflict' || code === 'idempotency_conflict') return wireError(status, 'Conflict', message)
  if (field === undefined) return validationError(message)
  // The engine's sentence begins with its own name of the field.
  const problem = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message
  const named = field.replace(/^\w+/, (name) => FIELDS[name] ?? name)
  return validationError(`${named}: ${problem}`)
}
