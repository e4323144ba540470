import type { CarrierEvent, WebhookRequest } from '@outdial/core'
import { forged, sameText } from '../webhooks/forged.js'
import { refInUrl, withQuery, withRef } from '../webhooks/ref-in-url.js'
import { problemOf, type TwilioApi } from './api.js'
import { number, text, timeOf } from './call-resource.js'
import { eventType, outcomeOf, type Said } from './outcomes.js'
import { bodyHash, holds, spellings } from './signature.js'

/** What webhooks are read with. */
export interface Receiving {
  readonly api: TwilioApi
  readonly accountSid: string
  readonly authToken: string
  readonly webhookUrl: string
  /** Whether people are told from machines. */
  readonly amd: boolean
}

/** Reads what a callback says: of Twilio alone, and of this account's calls that an engine has placed. */
export async function parseWebhook(receiving: Receiving, request: WebhookRequest): Promise<readonly CarrierEvent[]> {
  const said = authentic(receiving, request)
  const ref = refInUrl(request.url)
  const status = said('CallStatus')
  const type = status === undefined ? undefined : eventType(status)
  // What is not about a call of an engine: another product's, or of answering machines, which the end of the call tells too.
  if (ref === undefined || status === undefined || !type || !sameAccount(receiving, said('AccountSid'))) return []
  const callId = said('CallSid')
  const at = timeOf(said('Timestamp'))
  const event: CarrierEvent = { ref, type, ...(callId !== undefined && { callId }), ...(at !== undefined && { at }) }
  if (type !== 'ended') return [event]
  const raw: Record<string, string> & Said = { CallStatus: status }
  const answered = said('AnsweredBy') ?? (await answeredBy(receiving, status, callId))
  if (answered !== undefined) raw.AnsweredBy = answered
  for (const name of ['SipResponseCode', 'ErrorCode']) {
    const value = said(name)
    if (value !== undefined) raw[name] = value
  }
  event.outcome = outcomeOf(raw)
  const duration = number(said('CallDuration'))
  if (duration !== undefined) event.duration = duration * 1000
  event.raw = raw
  return [event]
}

/** What the parameters of a request are, once it is known to be Twilio's. Throws `webhook_forged`. */
function authentic(
  { authToken, webhookUrl }: Receiving,
  request: WebhookRequest,
): (name: string) => string | undefined {
  const { headers, body, url } = request
  const signature = headers['x-twilio-signature']
  if (signature === undefined || signature === '') throw forged('there is none')
  const kind = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  const isForm = kind === 'application/x-www-form-urlencoded'
  const hash = new URLSearchParams(queryOf(url)).get('bodySHA256')
  if (hash !== null && !sameText(hash, bodyHash(body))) throw forged('the body is not the one that was signed')
  // A body that neither the signature nor a hash is made of could be anybody's.
  if (hash === null && !isForm && body !== '') throw forged('nothing vouches for the body')
  const form = isForm ? new URLSearchParams(body) : undefined
  const parameters = hash === null ? form : undefined
  if (!holds(authToken, signature, addresses(webhookUrl, url, hash), parameters)) {
    throw forged('it is not of this request; check `authToken`, and that `webhookUrl` is the address that Twilio calls')
  }
  if (form) return (name) => text(form.get(name))
  const read = jsonObject(body)
  return (name) => {
    const value = read[name]
    return typeof value === 'number' ? String(value) : text(value)
  }
}

/**
 * The address that Twilio called, in all ways in which it may have written it. Proxies change scheme, host, port and path, and
 * the order and the spelling of the query; but the address was given to Twilio by us, so that it can be written again.
 */
function* addresses(webhookUrl: string, received: string, hash: string | null): Generator<string> {
  const ref = refInUrl(received)
  if (ref !== undefined) {
    const ours = withRef(webhookUrl, ref)
    yield* spellings(hash === null ? ours : withQuery(ours, `bodySHA256=${hash}`))
  }
  const query = queryOf(received)
  const [base = ''] = webhookUrl.split(/[?#]/, 1)
  yield* spellings(query === '' ? base : `${base}?${query}`)
}

/**
 * Who answered, if the callback does not say: with detection beside the call it does not have to, and the record of the call does.
 * Rejects when it cannot be asked, so that the webhook is refused, and comes again or is looked for.
 */
async function answeredBy(
  { api, amd }: Receiving,
  status: string,
  callId: string | undefined,
): Promise<string | undefined> {
  if (!amd || status !== 'completed' || callId === undefined) return undefined
  const answer = await api.get(`Calls/${encodeURIComponent(callId)}.json`)
  if (answer.status !== 'ok') throw new Error(`Twilio did not say who answered: ${problemOf(answer)}`)
  return text(answer.body.answered_by)
}

/** Subaccounts sign with tokens of their own: whoever can sign for another account is not Twilio. */
function sameAccount({ accountSid }: Receiving, said: string | undefined): boolean {
  return said === undefined || sameText(said, accountSid)
}

function queryOf(url: string): string {
  const [address = ''] = url.split('#', 1)
  const start = address.indexOf('?')
  return start < 0 ? '' : address.slice(start + 1)
}

function jsonObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(body)
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
