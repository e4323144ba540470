import { type FailedRequest, type Failure, type Place, statusOf } from '../../frame/failure.js'
import { pointerOf } from '../../frame/parse.js'
import { WireError } from '../../frame/wire-error.js'
import { TEXTS } from './texts.js'

/** Where an error is: in the body, or in the query. */
type Source = { pointer: string } | { parameter: string }

/** One error as the service writes it. */
export interface Problem {
  code: string
  title: string
  detail: string
  source?: Source
}

/** An answer of errors. */
function answer(status: number, problems: readonly Problem[], headers?: Readonly<Record<string, string>>): WireError {
  const errors = problems.map(({ source, ...problem }) => ({
    ...problem,
    meta: { url: `https://developers.telnyx.com/docs/overview/errors/${problem.code}` },
    ...(source && { source }),
  }))
  return new WireError(status, { errors }, headers)
}

const badRequest = (detail: string, source?: Source): Problem => ({
  code: '10015',
  title: 'Bad Request',
  detail,
  ...(source && { source }),
})
const refuse = (detail: string, pointer: string) => answer(422, [badRequest(detail, { pointer })])

const NUMBERS = '/phone_numbers'

export const numbersMissing = () => refuse(TEXTS.mustBePresent, NUMBERS)
export const numbersWanted = () => refuse(TEXTS.noNumber, NUMBERS)
export const numbersTooMany = () => refuse(TEXTS.tooManyNumbers, NUMBERS)
export const numbersNotYours = () => refuse(TEXTS.notYours, NUMBERS)
export const numbersAreMixed = () => refuse(TEXTS.mixed, NUMBERS)
export const noFieldToUpdate = () => refuse(TEXTS.noField, '/updateable_fields')
export const tooManyOpenJobs = (most: number) => refuse(TEXTS.openJobs(most), '/base')
export const noFilterHere = () =>
  answer(422, [badRequest('Phone numbers cannot be filtered here; name them.', { parameter: 'filter' })])
export const billingGroupNotYours = () =>
  answer(403, [
    {
      code: '10010',
      title: 'Authorization Failed',
      detail: TEXTS.billingGroup,
      source: { pointer: '/billing_group_id' },
    },
  ])

const UNEXPECTED: Problem = {
  code: '10007',
  title: 'Unexpected error',
  detail: 'An unexpected error occured.',
  source: { pointer: '/base' },
}
const NOT_FOUND: Problem = {
  code: '10005',
  title: 'Resource not found',
  detail: 'The requested resource or URL could not be found.',
  source: { pointer: '/base' },
}
/** Of an item that ran out of time, or of which nobody knows. */
export const TIMED_OUT: Problem = {
  code: '10008',
  title: 'Request timeout',
  detail: 'The number was not confirmed in time.',
}
/** Of an item that was tried without an answer, time after time. */
export const NOT_TRIED_AGAIN: Problem = { code: '10007', title: UNEXPECTED.title, detail: UNEXPECTED.detail }
/** Of an item that somebody has called off. */
export const CALLED_OFF: Problem = { code: '10015', title: 'Bad Request', detail: 'The operation was canceled.' }
/** A number that is gone since it was named. */
export const GONE: Problem = { code: NOT_FOUND.code, title: NOT_FOUND.title, detail: NOT_FOUND.detail }

/** What was meant to happen once may be repeated by clients that see one of these: another is at it right now. */
const COME_AGAIN = new Set(['batch_busy', 'batch_discarded'])

/** Every failure as the service would say it. */
export function failure(failed: Failure, _request: FailedRequest): WireError {
  const status = statusOf(failed)
  switch (failed.kind) {
    case 'unauthenticated':
      return answer(401, [
        {
          code: '10009',
          title: 'Authentication failed',
          detail: 'Could not understand the provided credentials.',
        },
      ])
    case 'forbidden':
      return answer(403, [
        {
          code: '10006',
          title: 'Not authorized',
          detail: 'You are not authorized to access the requested resource.',
        },
      ])
    case 'not_found':
    case 'missing':
      return answer(404, [NOT_FOUND])
    case 'invalid':
      return answer(
        failed.place === 'headers' ? 400 : 422,
        failed.issues.slice(0, 100).flatMap((issue) => problemsOf(issue, failed.place)),
      )
    case 'rate_limited':
      return answer(
        429,
        [
          {
            code: '10011',
            title: 'Too many requests',
            detail: 'You have exceeded the maximum number of allowed requests.',
          },
        ],
        {
          'x-ratelimit-limit': String(failed.limit),
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(failed.retryAfter),
        },
      )
    case 'unsupported_media_type':
      return answer(status, [
        { code: '10014', title: 'Unsupported Media Type', detail: `Expected ${failed.expected.join(' or ')}.` },
      ])
    case 'too_slow':
      return answer(status, [{ code: '10008', title: 'Request timeout', detail: 'The body came too slowly.' }])
    case 'malformed':
      return answer(status, [badRequest(failed.problem)])
    case 'too_large':
      return answer(status, [badRequest(`At most ${failed.limit} bytes of ${failed.what} are taken.`)])
    case 'method_not_allowed':
      return answer(status, [badRequest(`Allowed here: ${failed.allowed.join(', ')}.`)])
    case 'too_many_streams':
      return answer(status, [badRequest(`At most ${failed.limit} long answers are open at once.`)])
    case 'refused': {
      const { code, message } = failed.error
      if (status === 404) return answer(404, [NOT_FOUND])
      if (status >= 500) return answer(status, [UNEXPECTED])
      // The service's own clients repeat a 409.
      const told = status === 409 && !COME_AGAIN.has(code) ? 422 : status
      return answer(told, [badRequest(message, { pointer: '/base' })])
    }
    case 'internal':
      return answer(500, [UNEXPECTED])
  }
}

type Issue = (Failure & { kind: 'invalid' })['issues'][number]

/** An issue as errors; unknown fields are one each. */
function problemsOf(issue: Issue, place: Place): Problem[] {
  if (place === 'query' && issue.path[0] === 'page') return [pagination(issue)]
  if (place === 'query' && issue.path[0] === 'sort')
    return [{ code: '10015', title: 'Invalid sorting value', detail: TEXTS.sorting, source: { pointer: '/sort' } }]
  if (place === 'params') return [NOT_FOUND]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => badRequest('is not known', sourceOf([...issue.path, key], place)))
  // Of many numbers that are none, one answer is enough: it is about the list.
  const path = issue.path[0] === 'phone_numbers' && issue.code === 'too_big' ? [NUMBERS.slice(1)] : issue.path
  return [badRequest(issue.message, sourceOf(path, place))]
}

function pagination({ path }: Issue): Problem {
  const pointer = path[1] === undefined ? 'page' : `page/${String(path[1])}`
  return { code: '10015', title: 'Invalid pagination', detail: TEXTS.pagination, source: { pointer } }
}

function sourceOf(path: readonly PropertyKey[], place: Place): Source {
  if (place === 'body') return { pointer: pointerOf({ code: 'custom', path: [...path], message: '' }) || '/base' }
  const [name = '', ...steps] = path.map(String)
  return { parameter: name + steps.map((step) => `[${step}]`).join('') }
}
