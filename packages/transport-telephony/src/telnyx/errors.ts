import type { Rejection } from '@outdial/core'
import { retryAfter } from '../wire/retry-after.js'
import { type ApiReply, objectOf, textOf } from './api.js'

type Answered = Extract<ApiReply, { status: 'answered' }>

/** One error as the service writes it. */
export interface ApiError {
  readonly code: string
  readonly title: string
  readonly detail?: string
  /** JSON pointer to the field at fault. */
  readonly pointer?: string
}

/** A documented refusal of a call, decided before it was placed. */
export interface Refusal {
  readonly reason: Rejection
  readonly code: string
  readonly message: string
}

/**
 * Why the platform will not carry a call, from its list of response codes ("D13"). They come in the detail of a 403, and some of
 * them speak of the number called, others of the account, whatever the error's own code is.
 */
const BY_PLATFORM_CODE: Readonly<Record<string, Rejection>> = {
  D1: 'throttled',
  D2: 'throttled',
  D3: 'throttled',
  D22: 'throttled',
  D11: 'contact',
  D21: 'contact',
  D40: 'contact',
  D10: 'configuration',
  D12: 'configuration',
  D13: 'configuration',
  D18: 'configuration',
  D24: 'configuration',
  D30: 'configuration',
  D31: 'configuration',
  D35: 'configuration',
  D36: 'configuration',
  D38: 'configuration',
  D14: 'account',
  D15: 'account',
  D16: 'account',
  D17: 'account',
  D19: 'account',
  D25: 'account',
  D26: 'account',
  D27: 'account',
  D28: 'account',
  D29: 'account',
}

/** Codes that say by themselves what is wrong. Others are told apart by the field they point at, and the HTTP status. */
const BY_CODE: Readonly<Record<string, Rejection>> = {
  10009: 'account',
  90103: 'throttled',
}

/** Refusals by HTTP status. A status that is not here proves nothing about the call: 408, 409, all of 5xx. */
const BY_STATUS: Readonly<Record<number, Rejection>> = {
  400: 'configuration',
  401: 'account',
  402: 'account',
  403: 'account',
  404: 'configuration',
  422: 'configuration',
  429: 'throttled',
}

/** Words that prove nothing, whatever the status: an unexpected error, a time-out. */
const NO_PROOF: ReadonlySet<string> = new Set(['10007', '10008'])

/** Statuses with which a request is found wanting in itself, so that a pointer to `to` is about the number called. */
const ABOUT_FIELDS: ReadonlySet<number> = new Set([400, 422])

/** The errors of an answer; none when it is not written as the service documents. */
export function errorsOf({ json }: Answered): readonly ApiError[] {
  const { errors } = objectOf(json) ?? {}
  if (!Array.isArray(errors)) return []
  return errors.flatMap((one: unknown) => {
    const error = objectOf(one)
    const code = error && (typeof error.code === 'number' ? String(error.code) : textOf(error.code))
    if (!error || !code) return []
    const detail = textOf(error.detail)
    const pointer = textOf(objectOf(error.source)?.pointer)
    return [
      {
        code,
        title: textOf(error.title) ?? `error ${code}`,
        ...(detail !== undefined && { detail }),
        ...(pointer !== undefined && { pointer }),
      },
    ]
  })
}

/**
 * Why a call was refused; `undefined` when the answer is no documented refusal, so that it says nothing of the call. An
 * error page of something between us and the service is none.
 */
export function refusalOf(reply: Answered): Refusal | undefined {
  const byStatus = BY_STATUS[reply.code]
  const [error] = errorsOf(reply)
  if (!byStatus || !error || NO_PROOF.has(error.code)) return undefined
  const { code, title, detail, pointer } = error
  const platform = platformCode(reply, detail)
  const aboutNumber = pointer === '/to' && ABOUT_FIELDS.has(reply.code)
  const reason =
    (platform === undefined ? undefined : own(BY_PLATFORM_CODE, platform)) ??
    own(BY_CODE, code) ??
    (aboutNumber ? 'contact' : byStatus)
  return { reason, code: platform ?? code, message: detail === undefined ? title : `${title}: ${detail}` }
}

/** What a table has under a word of somebody else's. */
function own(table: Readonly<Record<string, Rejection>>, word: string): Rejection | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}

function platformCode({ json }: Answered, detail = ''): string | undefined {
  return textOf(objectOf(objectOf(json)?.telnyx_error)?.error_code) ?? /\bD\d{1,2}\b/.exec(detail)?.[0]
}

/**
 * How long to wait, in milliseconds: what `Retry-After` says, else when the window ends that the request was counted in, in seconds.
 * Source: developers.telnyx.com/development/api-fundamentals/reliability/rate-limiting.
 */
export function waitOf({ headers }: Answered): { retryAfter?: number } {
  const wait = retryAfter(headers) ?? retryAfter({ 'retry-after': headers['x-ratelimit-reset'] ?? '' })
  return wait === undefined ? {} : { retryAfter: wait }
}

/** An answer that nobody expected, in words. */
export function described(reply: ApiReply): string {
  if (reply.status !== 'answered') return reply.message
  const [error] = errorsOf(reply)
  return error ? `${reply.code}, ${error.code}: ${error.detail ?? error.title}` : `an answer of ${reply.code}`
}
