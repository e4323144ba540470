import { type FailedRequest, type Failure, statusOf } from '../../frame/failure.js'
import { fieldOf } from '../../frame/parse.js'
import { WireError } from '../../frame/wire-error.js'

/** What is wrong with one field. */
export interface FieldError {
  field: string
  message: string
}

/** Messages that the service documents, letter by letter. */
const MESSAGES = {
  badRequest: 'Bad Request',
  noJson: 'No JSON object could be decoded',
  badCredentials: 'Bad credentials',
  unauthorized: 'Unauthorized',
  forbidden: 'Forbidden',
  noItem: 'Cannot find item by SID',
  notFound: 'Not Found',
  conflict: 'Conflict',
  mediaType: 'Unsupported media type',
  invalid: 'Object validation error',
} as const

/** Of a request with many mistakes, so many are told. */
const MOST_ERRORS = 100

function answer(status: number, message: string, errors: readonly FieldError[] = []): WireError {
  return new WireError(status, { errors, message })
}

/** A field of the body is not what it has to be. */
export const objectInvalid = (field: string, message: string) => answer(422, MESSAGES.invalid, [{ field, message }])
/** A parameter of the query likewise. */
export const queryInvalid = (field: string, message: string) => answer(400, MESSAGES.badRequest, [{ field, message }])
/** The task's status does not allow it. */
export const statusConflict = (message: string) => answer(409, MESSAGES.conflict, [{ field: 'status', message }])

/** Every failure as the service would say it. */
export function failure(failed: Failure, _request: FailedRequest): WireError {
  const status = statusOf(failed)
  switch (failed.kind) {
    case 'unauthenticated':
      return answer(status, failed.shown ? MESSAGES.badCredentials : MESSAGES.unauthorized)
    case 'forbidden':
      return answer(status, MESSAGES.forbidden)
    case 'not_found':
      return answer(status, MESSAGES.notFound)
    case 'missing':
      return answer(status, MESSAGES.noItem)
    case 'malformed':
      return answer(status, MESSAGES.noJson, [{ field: '', message: failed.problem }])
    case 'unsupported_media_type':
      return answer(status, MESSAGES.mediaType)
    case 'invalid':
      return invalid(failed)
    case 'method_not_allowed':
      return answer(status, `Method Not Allowed: ${failed.allowed.join(', ')} only`)
    case 'too_large':
      return answer(status, `At most ${failed.limit} bytes of ${failed.what} are taken`)
    case 'too_slow':
      return answer(status, 'The body came too slowly')
    case 'rate_limited':
      return answer(status, `At most ${failed.limit} requests a second; come again in ${failed.retryAfter} s`)
    case 'too_many_streams':
      return answer(status, `At most ${failed.limit} long answers are open at once`)
    case 'refused':
      return refused(failed, status)
    case 'internal':
      return answer(status, 'Internal error')
  }
}

function refused({ error: { details, message } }: Failure & { kind: 'refused' }, status: number): WireError {
  if (status === 404) return answer(404, MESSAGES.noItem)
  if (status === 409) return answer(409, MESSAGES.conflict, [{ field: '', message }])
  if (status === 503) return answer(status, 'Come again later')
  if (status >= 500) return answer(status, 'Internal error')
  const { field = '' } = details as { field?: unknown }
  return answer(status, MESSAGES.invalid, [{ field: String(field), message }])
}

function invalid({ place, issues }: Failure & { kind: 'invalid' }): WireError {
  // What is there is no object, or nothing is.
  if (place === 'body' && issues[0].path.length === 0 && issues[0].code === 'invalid_type')
    return answer(400, MESSAGES.noJson)
  const errors = issues.flatMap((issue): FieldError[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: fieldOf({ ...issue, keys: [key] }), message: 'is not known' }))
      : [{ field: fieldOf(issue), message: issue.message }],
  )
  return answer(
    place === 'body' ? 422 : 400,
    place === 'body' ? MESSAGES.invalid : MESSAGES.badRequest,
    errors.slice(0, MOST_ERRORS),
  )
}
