import type { Placed, Rejection } from '@outdial/core'
import type { Reply } from '../wire/reply.js'
import { retryAfter } from '../wire/retry-after.js'
import { jsonObject } from './json.js'

type Answered = Extract<Reply, { status: 'answered' }>
type Rejected = Extract<Placed, { status: 'rejected' }>

/** The protocol's codes for calls that were not placed. */
const REJECTIONS: Readonly<Record<string, Rejection>> = {
  // This number, whoever asks.
  invalid_number: 'contact',
  number_refused: 'contact',
  // Later.
  throttled: 'throttled',
  unavailable: 'unavailable',
  late: 'unavailable',
  // Somebody has to repair how calls are asked for.
  invalid_request: 'configuration',
  agent_unknown: 'configuration',
  caller_id_refused: 'configuration',
  // Somebody has to see to the account.
  unauthenticated: 'account',
  forbidden: 'account',
  insufficient_funds: 'account',
  account_suspended: 'account',
}

/** For codes that nobody has heard of. */
const BY_STATUS: Readonly<Record<number, Rejection>> = {
  401: 'account',
  402: 'account',
  403: 'account',
  429: 'throttled',
  503: 'unavailable',
}

/**
 * The refusal in an answer, if it is one. A status alone is none: proxies answer 403, 404, 429 and 503 of their own, before a
 * request was handed on or after. The service itself has to say that it has placed nothing.
 */
export function refusal(reply: Answered, codes: Readonly<Record<string, Rejection>>): Rejected | undefined {
  const { code: status, headers, body } = reply
  if (!(status >= 400 && status <= 499) && status !== 503) return undefined
  const said = jsonObject(body)
  if (said?.placed !== false) return undefined
  const code = typeof said.code === 'string' ? said.code : undefined
  const reason = (code !== undefined && (own(codes, code) ?? own(REJECTIONS, code))) || BY_STATUS[status]
  const rejected: Rejected = { status: 'rejected', reason: reason ?? 'configuration', message: problem(reply) }
  if (code !== undefined) rejected.code = code
  const wait = retryAfter(headers)
  if (wait !== undefined) rejected.retryAfter = wait
  return rejected
}

/** What a service said is wrong, in a sentence. */
export function problem({ code: status, body }: Answered): string {
  const said = jsonObject(body)
  const words = [said?.code, said?.message].filter((word) => typeof word === 'string' && word !== '')
  return [`the service answered ${status}`, ...words].join(': ').slice(0, 300)
}

/** What a request came to, in a sentence, when it is none of the answers that were expected. */
export function trouble(reply: Reply): string {
  return reply.status === 'answered' ? problem(reply) : reply.message
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
