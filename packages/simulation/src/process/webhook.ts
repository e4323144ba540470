import { type CarrierEvent, type Clock, OutdialError, type WebhookRequest } from '@outdial/core'
import { SIGNATURE_HEADER, TIMESTAMP_HEADER, verify } from './signature.js'

/** Older or newer signatures are somebody else's recordings. */
const TOLERANCE = 300_000

/** Turns a webhook of the simulated carrier's process into events, once it is proven to come from there. */
export function parseWebhook(request: WebhookRequest, secret: string, clock: Clock): CarrierEvent[] {
  const timestamp = request.headers[TIMESTAMP_HEADER] ?? ''
  const signature = request.headers[SIGNATURE_HEADER] ?? ''
  if (!verify(secret, timestamp, request.body, signature)) throw forged('the signature does not hold')
  if (!(Math.abs(clock.now() - Number(timestamp)) <= TOLERANCE)) throw forged('it was signed at another time')
  // Signed, so it is what the carrier wrote.
  return [JSON.parse(request.body) as CarrierEvent]
}

function forged(problem: string): OutdialError {
  return new OutdialError('webhook_forged', `a webhook of the simulated carrier was ignored: ${problem}`)
}
