import { refInUrl } from '../webhooks/ref-in-url.js'
import { type Json, problemOf, type TwilioApi } from './api.js'
import { text } from './call-resource.js'

/** What the requests show that were made for a call: the one that asked for it, and its callbacks. */
export interface CallEvents {
  /** The attempts that are named in them; none when there is nothing to be seen yet. */
  readonly refs: ReadonlySet<string>
  /** The code of SIP that it ended with. */
  readonly sip: string | undefined
}

/**
 * The Events of a call, or why they cannot be read. They can be asked for a quarter of an hour after its end. Source:
 * twilio.com/docs/voice/api/call-event-resource.
 */
export async function callEvents(api: TwilioApi, call: Json): Promise<CallEvents | string> {
  const refs = new Set<string>()
  let sip: string | undefined
  for await (const page of api.pages(`Calls/${encodeURIComponent(String(call.sid))}/Events.json`, {})) {
    if (page.status !== 'ok') return problemOf(page)
    const { events } = page.body
    for (const event of Array.isArray(events) ? (events as Json[]) : []) {
      const { url, parameters } = (event?.request ?? {}) as Json
      const values = (parameters ?? {}) as Json
      for (const value of [url, ...Object.values(values)]) {
        const ref = typeof value === 'string' ? refInUrl(value) : undefined
        if (ref !== undefined) refs.add(ref)
      }
      sip = text(values.sip_response_code) ?? sip
    }
  }
  return { refs, sip }
}
