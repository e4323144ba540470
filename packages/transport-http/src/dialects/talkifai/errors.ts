import { SOURCE_ERRORS } from '@outdial/contacts'
import type { JobState, OutdialError } from '@outdial/core'
import { type FailedRequest, type Failure, statusOf } from '../../frame/failure.js'
import { fieldOf } from '../../frame/parse.js'
import { WireError } from '../../frame/wire-error.js'
import { statusOfState } from './states.js'

/** An error as the service's samples have it: a sentence; with the code that its tables name. */
export function told(status: number, code: string, detail: string, headers?: Record<string, string>): WireError {
  return new WireError(status, { detail, code }, headers)
}

export const invalidTimezone = (timezone: string): WireError =>
  told(
    400,
    'invalid_timezone',
    `Invalid timezone '${timezone}'. Use IANA timezone format (e.g., 'America/New_York', 'Asia/Karachi', 'UTC').`,
  )
export const invalidDatetime = (): WireError =>
  told(400, 'invalid_datetime', "Invalid datetime format. Use format like '2025-03-01T10:00:00'.")
export const pastScheduledTime = (): WireError =>
  told(400, 'past_scheduled_time', 'Scheduled time must be in the future')
export const insufficientCredits = (required: string, available: string): WireError =>
  told(400, 'insufficient_credits', `Insufficient credits. Required: ${required}, Available: ${available}`)
export const invalidPhone = (phone: string): WireError =>
  told(400, 'invalid_phone_format', `Invalid phone number format: ${phone}`)
export const noValidContacts = (what: 'CSV' | 'request'): WireError =>
  told(400, 'no_valid_contacts', `No valid contacts found in ${what}`)
export const tooManyContacts = (most: number): WireError =>
  told(400, 'too_many_contacts', `Too many contacts. Maximum is ${most} per batch`)
export const noOutboundAgent = (id: string): WireError =>
  told(400, 'no_outbound_agent', `Phone number ${id} has no outbound agent assigned`)
export const textAgent = (agent: string): WireError =>
  told(400, 'no_outbound_agent', `Agent ${agent} is a text agent. Only pipeline and realtime agents can make calls.`)
export const invalidCsv = (problem: string): WireError => told(400, 'invalid_csv', `Invalid CSV file: ${problem}`)
const missingPhoneColumn = (found: readonly string[]): WireError =>
  told(400, 'missing_phone_column', `CSV must have 'phone' column. Found columns: [${found.map(quoted).join(', ')}]`)
export const invalidField = (detail: string): WireError => told(400, 'invalid_request', detail)
export const otherOrganization = (): WireError => told(403, 'forbidden', 'Not a member of the selected organization')

/** Which step cannot be taken from which status, and why. */
export function illegalStep(event: string, state: JobState): WireError {
  const { verb, only } = STEPS[event] ?? { verb: event, only: '' }
  // A campaign of another dialect that waits for somebody's word would look as if it could be started.
  const status = state === 'pending_review' ? state : statusOfState(state)
  const code =
    event === 'cancel'
      ? 'already_terminal'
      : event === 'start' && status === 'running'
        ? 'already_running'
        : 'invalid_status'
  return told(400, code, `Cannot ${verb} job in '${status}' status${only}`)
}

const STEPS: Readonly<Record<string, { verb: string; only: string }>> = {
  cancel: { verb: 'cancel', only: '' },
  start: { verb: 'start', only: ". Only 'scheduled' or 'pending' jobs can be started." },
  schedule: { verb: 'reschedule', only: ". Only 'scheduled' or 'pending' jobs can be rescheduled." },
  pause: { verb: 'pause', only: ". Only 'running' jobs can be paused." },
  resume: { verb: 'resume', only: ". Only 'paused' jobs can be resumed." },
  export: { verb: 'export', only: ". Only 'completed' or 'failed' jobs can be exported." },
  delete: { verb: 'delete', only: '. Cancel it, and wait until its calls have ended.' },
}

/** A name as Python writes it in a list. */
function quoted(name: string): string {
  const escaped = name.replaceAll('\\', '\\\\')
  return name.includes("'") && !name.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`
}

/** What is said of a defect, by the end of the route's path. */
const FAILED: readonly (readonly [RegExp, string])[] = [
  [/\/create$/, 'Failed to process CSV file: internal error'],
  [/\/(jobs|list)$/, 'Failed to list batch jobs'],
  [/\/cancel$/, 'Failed to cancel batch job'],
  [/\/start(-now)?$/, 'Failed to start batch job'],
  [/\/reschedule$/, 'Failed to reschedule batch job'],
  [/\/redis-status$/, 'Failed to get Redis job status'],
  [/\/pause$/, 'Failed to pause batch job'],
  [/\/resume$/, 'Failed to resume batch job'],
  [/\/export$/, 'Failed to export batch job'],
]

function internal(status: number, { route = '', method }: FailedRequest): WireError {
  const text = FAILED.find(([end]) => end.test(route))?.[1]
  const code = status === 503 ? 'unavailable' : 'internal_error'
  return told(status, code, text ?? `Failed to ${method === 'DELETE' ? 'delete batch job' : 'get batch job detail'}`)
}

/** Every failure in the service's words, or in such as it might have. */
export function failure(failed: Failure, request: FailedRequest): WireError {
  const status = statusOf(failed)
  switch (failed.kind) {
    case 'unauthenticated':
      return new WireError(401, { success: false, error: 'Invalid API key', code: 'invalid_api_key' })
    case 'forbidden':
      return told(status, 'forbidden', 'Forbidden')
    case 'not_found':
      return told(status, 'not_found', 'Not Found')
    case 'method_not_allowed':
      return told(status, 'method_not_allowed', 'Method Not Allowed')
    case 'missing':
      return failed.what === 'number'
        ? told(status, 'phone_number_not_found', `Phone number ${failed.id} not found`)
        : told(status, 'job_not_found', 'Batch job not found')
    case 'invalid': {
      const [issue] = failed.issues
      const own = issue.code === 'custom' ? (issue.params?.code as unknown) : undefined
      if (typeof own === 'string') return told(400, own, issue.message)
      return invalidField([fieldOf(issue), issue.message].filter((text) => text !== '').join(': '))
    }
    case 'malformed':
      return told(status, 'malformed_body', failed.problem)
    case 'unsupported_media_type':
      return told(status, failed.kind, `Expected ${failed.expected.join(' or ')}`)
    case 'too_large':
      return told(status, failed.kind, `Too large: at most ${failed.limit} bytes of ${failed.what} are taken`)
    case 'too_slow':
      return told(status, failed.kind, 'The body came too slowly')
    case 'rate_limited': {
      const headers = { 'x-ratelimit-limit': String(failed.limit), 'x-ratelimit-remaining': '0' }
      return told(status, 'rate_limit_exceeded', 'Rate limit exceeded', headers)
    }
    case 'too_many_streams':
      return told(status, failed.kind, 'Too many downloads are open')
    case 'refused':
      return status >= 500 ? internal(status, request) : refused(failed.error, status)
    case 'internal':
      return internal(status, request)
  }
}

function refused({ code, message, details }: OutdialError<string>, status: number): WireError {
  if (code === 'illegal_transition') return illegalStep(String(details.event), details.state as JobState)
  if (code === 'phone_column_missing') return missingPhoneColumn(details.found as string[])
  if (code === 'no_contacts') return noValidContacts('request')
  if (Object.hasOwn(SOURCE_ERRORS, code)) return invalidCsv(message)
  return told(status === 422 ? 400 : status, code, message)
}
