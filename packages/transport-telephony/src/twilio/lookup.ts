import type { CallHandle, Lookup } from '@outdial/core'
import { type Json, problemOf, type TwilioApi } from './api.js'
import { callEvents } from './call-events.js'
import { eventOfCall, text, timeOf } from './call-resource.js'

/**
 * A call that was created so long before its fence, by Twilio's clock, is another one. Wide, because the fence has the time of
 * the store: what is left out wrongly would be called twice, what is taken in wrongly is only asked about.
 */
const CLOCKS_DIFFER = 10 * 60_000
/** Ends of which the record does not say why, and the last callback does, if it is to be seen yet. */
const UNCLEAR: ReadonlySet<string> = new Set(['failed', 'busy', 'no-answer'])
/** Of more candidates than this nobody asks. */
const MOST_CANDIDATES = 20

/**
 * What Twilio knows of a call.
 *
 * A Call resource does not say what it was asked for with, so that without its SID a call can be found by its numbers
 * alone. Which attempt a call belongs to is written in its callbacks, and those are in its Events, a quarter of an hour after
 * it has ended. So:
 * - There is no call with these numbers since the fence: `notFound`. This is proof whatever else was called.
 * - There are some, and all are shown to be other attempts: `notFound` too.
 * - One is shown to be this attempt: `found`.
 * - One may or may not be: `cannotTell`, and it is asked again later.
 */
export async function lookup(api: TwilioApi, call: CallHandle): Promise<Lookup> {
  return call.callId === undefined ? byNumbers(api, call) : bySid(api, call.callId)
}

async function bySid(api: TwilioApi, callId: string): Promise<Lookup> {
  const answer = await api.get(`Calls/${encodeURIComponent(callId)}.json`)
  // Also 404: the call was there, and somebody has deleted its record.
  if (answer.status !== 'ok') return cannotTell(problemOf(answer))
  const { body } = answer
  if (!UNCLEAR.has(String(body.status))) return foundAs(body)
  const events = await callEvents(api, body)
  return foundAs(body, typeof events === 'string' ? undefined : events.sip)
}

async function byNumbers(api: TwilioApi, { ref, to, from, fencedAt }: CallHandle): Promise<Lookup> {
  const candidates: Json[] = []
  let asOf: number | undefined
  // Not by StartTime: a call that waits in Twilio's queue has none.
  for await (const page of api.pages('Calls.json', { To: to, From: from })) {
    if (page.status !== 'ok') return cannotTell(problemOf(page))
    const { calls } = page.body
    if (!Array.isArray(calls)) return cannotTell('a list without calls')
    // What is true of all pages is true as of the first.
    asOf ??= page.time
    candidates.push(...(calls as Json[]).filter((call) => mayBe(call, fencedAt)))
  }
  if (asOf === undefined) return cannotTell('Twilio did not say what time it is')
  if (candidates.length > MOST_CANDIDATES) return cannotTell(`${candidates.length} calls with the same numbers`)
  for (const candidate of candidates) {
    const events = await callEvents(api, candidate)
    if (typeof events === 'string') return cannotTell(events)
    if (events.refs.has(ref)) return foundAs(candidate, events.sip)
    if (events.refs.size === 0) return cannotTell('a call with the same numbers, of which nobody knows yet whose it is')
  }
  return { status: 'notFound', asOf }
}

/** Whether a call of the list may be the one that is looked for. What cannot be read may be. */
function mayBe(call: Json, fencedAt: number): boolean {
  const direction = text(call.direction)
  if (direction === 'inbound' || direction === 'outbound-dial') return false
  const created = timeOf(call.date_created)
  return created === undefined || created >= fencedAt - CLOCKS_DIFFER
}

function foundAs(call: Json, sip?: string): Lookup {
  const event = eventOfCall(call, sip)
  return event ? { status: 'found', event } : cannotTell(`a call that is '${String(call.status)}'`)
}

function cannotTell(message: string): Lookup {
  return { status: 'cannotTell', message }
}
