import type { Applied, Resource, ResourceError, Selector } from '@outdial/core'
import { type Answer, type Json, problemOf } from './api.js'
import { isAccount, resourceError } from './errors.js'

const SID = /^PN[0-9a-fA-F]{32}$/

/** Whether a text is the identifier of a number. */
export function isNumberSid(value: unknown): value is string {
  return typeof value === 'string' && SID.test(value)
}

/** A question that was not answered. */
export class Unanswered extends Error {
  readonly answer: Exclude<Answer, { status: 'ok' }>

  constructor(answer: Exclude<Answer, { status: 'ok' }>) {
    super(`Twilio cannot be asked: ${problemOf(answer)}`)
    this.answer = answer
  }
}

/** The body of an answer; throws {@link Unanswered}. */
export function okOf(answer: Answer): Json {
  if (answer.status === 'ok') return answer.body
  throw new Unanswered(answer)
}

/** What an operation came to. */
export function applied(answer: Answer, kind: 'changes' | 'removes'): Applied {
  if (answer.status === 'ok') {
    if (kind === 'removes') return { status: 'done' }
    const resource = resourceOf(answer.body)
    return resource ? { status: 'done', resource } : { status: 'unknown', message: 'Twilio did not say which number' }
  }
  if (answer.status === 'unknown') return answer
  // Without a code they may be a proxy's words, given to a request that had gone on.
  if (answer.status === 'refused' && answer.error.code === 0)
    return { status: 'unknown', message: answer.error.message }
  return nothingDone(answer)
}

/** What to say when nothing can have been done. */
export function nothingDone(answer: Exclude<Answer, { status: 'ok' }>): Applied {
  if (answer.status !== 'refused') return { status: 'unavailable', message: answer.message }
  const { error, retryAfter } = answer
  const later = { message: error.message, ...(retryAfter !== undefined && { retryAfter }) }
  if (error.status === 429) return { status: 'throttled', ...later }
  // Words that are not Twilio's are about the way there, and not about this item.
  if (isAccount(error) || error.code === 0) return { status: 'unavailable', ...later }
  return { status: 'failed', errors: [resourceError(error)] }
}

/** A number as everybody sees it; `undefined` for what is none. */
export function resourceOf(number: Json): Resource | undefined {
  const { sid: id, phone_number: phonenumber } = number
  if (!isNumberSid(id)) return undefined
  return { id, fields: { ...number, id, phonenumber } }
}

/** The numbers of a page. */
export function numbersIn(body: Json): Resource[] {
  const list = body.incoming_phone_numbers
  if (!Array.isArray(list)) throw new Error('Twilio answered with a list that has no numbers')
  return (list as Json[]).flatMap((number) => resourceOf(number) ?? [])
}

/** Nobody has said whose numbers these are. */
export function noAccount(organization: string): Applied {
  const title = `No account of Twilio's is configured for '${organization}'.`
  return { status: 'failed', errors: [{ code: 'no_account', title }] }
}

/** Twilio has no such number, or not in this account. */
export function notFound({ field, value }: Selector): ResourceError {
  const title = 'There is no such number.'
  return {
    code: 'not_found',
    title,
    detail: `The account has no number whose ${field} is ${value}.`,
    pointer: `/${field}`,
  }
}
