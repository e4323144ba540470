import type { Applied, ResourceError } from '@outdial/core'
import { type ApiReply, dataOf } from '../api.js'
import { type ApiError, described, errorsOf, waitOf } from '../errors.js'

/** What a request that changes something came to, when it is not done. */
export type NotDone = Exclude<Applied, { status: 'done' }>

/** Statuses that refuse an item, in the service's own words. 401 is the key's trouble, 408 proves nothing. */
const REFUSED: ReadonlySet<number> = new Set([400, 402, 403, 404, 409, 422])

/**
 * What came of a request that is not done: `undefined` when it is, which its answer has to show. `pointer` makes of the service's
 * pointer one into the data that were given.
 */
export function notDone(
  reply: ApiReply,
  pointer: (error: ApiError) => string | undefined = ({ pointer: own }) => own,
): NotDone | undefined {
  if (reply.status === 'notSent') return { status: 'unavailable', message: reply.message }
  if (reply.status === 'unknown') return reply
  if (dataOf(reply)) return undefined
  const errors = errorsOf(reply)
  const message = `the service gave ${described(reply)}`
  if (reply.code === 429 && errors.length > 0) return { status: 'throttled', ...waitOf(reply), message }
  // Another key may be given to it, and then the item is as good as before.
  if (reply.code === 401 && errors.length > 0) return { status: 'unavailable', message }
  const [first, ...more] = errors.map((error) => itemError(error, pointer(error)))
  if (REFUSED.has(reply.code) && first) return { status: 'failed', errors: [first, ...more] }
  return { status: 'unknown', message }
}

/** An error of one item, in the service's own code. */
export function itemError({ code, title, detail }: ApiError, pointer: string | undefined): ResourceError {
  return { code, title, ...(detail !== undefined && { detail }), ...(pointer !== undefined && { pointer }) }
}

/** The item is refused for reasons of ours. */
export function failed(code: string, title: string, detail?: string, pointer?: string): NotDone {
  return { status: 'failed', errors: [itemError({ code, title, ...(detail !== undefined && { detail }) }, pointer)] }
}

/** There is no such number. */
export function noSuchNumber({ field, value }: { field: string; value: string }): NotDone {
  return failed(
    'not_found',
    'There is no such number.',
    `The account has no number whose ${field} is ${value}.`,
    `/${field}`,
  )
}
