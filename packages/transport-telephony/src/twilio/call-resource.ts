import type { Lookup } from '@outdial/core'
import type { Json } from './api.js'
import { eventType, outcomeOf, type Said } from './outcomes.js'

type Known = Extract<Lookup, { status: 'found' }>['event']

/** What a Call resource says of its call, with the code of SIP if one is known; `undefined` when it is in no state that there is. */
export function eventOfCall(call: Json, SipResponseCode?: string): Known | undefined {
  const CallStatus = String(call.status)
  const type = eventType(CallStatus)
  if (!type) return undefined
  const AnsweredBy = text(call.answered_by)
  const raw: Said & Record<string, string> = { CallStatus }
  if (AnsweredBy !== undefined) raw.AnsweredBy = AnsweredBy
  if (SipResponseCode !== undefined) raw.SipResponseCode = SipResponseCode
  const event: Known = { type, raw }
  const callId = text(call.sid)
  if (callId !== undefined) event.callId = callId
  const at = timeOf(type === 'ended' ? call.end_time : type === 'answered' ? call.start_time : call.date_updated)
  if (at !== undefined) event.at = at
  if (type !== 'ended') return event
  event.outcome = outcomeOf(raw)
  const duration = number(call.duration)
  if (duration !== undefined) event.duration = duration * 1000
  // Prices are what is taken from the balance: negative, and there some minutes after the end.
  const price = number(call.price)
  if (price !== undefined) event.cost = Math.abs(price)
  return event
}

/** A date of Twilio's (RFC 2822), in milliseconds since the epoch. */
export function timeOf(date: unknown): number | undefined {
  const time = typeof date === 'string' ? Date.parse(date) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

/** A text that says something. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A number, also one written as a text. */
export function number(value: unknown): number | undefined {
  if (typeof value !== 'number' && text(value) === undefined) return undefined
  const read = Number(value)
  return Number.isFinite(read) ? read : undefined
}
