import type { CarrierEvent, WebhookRequest } from '@outdial/core'
import { forged } from '../webhooks/forged.js'
import { jsonObject } from './json.js'
import type { HttpSettings } from './options.js'
import { eventOf } from './outcomes.js'
import { signatureHolds } from './signature.js'

/** Signatures of another time are somebody's recordings. As in Standard Webhooks. */
const TOLERANCE = 300_000

/** Turns an event of the service into one of the engine, once it is proven to come from there. */
export function parseWebhook({ webhookKeys, now }: HttpSettings, request: WebhookRequest): CarrierEvent[] {
  const { headers, body } = request
  if (!signatureHolds(webhookKeys, headers, body)) throw forged('nobody who has the secret signed this')
  const signedAt = Number(headers['webhook-timestamp']) * 1000
  if (!(Math.abs(now() - signedAt) <= TOLERANCE)) throw forged('it was signed more than five minutes ago, or ahead')
  const said = jsonObject(body)
  const type = said?.type
  // Events of other kinds are not the engine's, and more of them may come with a newer service.
  if (!said || typeof type !== 'string' || !type.startsWith('call.')) return []
  const data = said.data
  const call = typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {}
  const event = eventOf(type.slice('call.'.length), said.timestamp, call)
  // An event of no call is handed on too: the engine reports it.
  return event ? [{ ...event, ref: call.ref as string }] : []
}
