import type { CallHandle, Lookup } from '@outdial/core'
import { refInUrl } from '../webhooks/ref-in-url.js'
import { type Json, problemOf, type TwilioApi } from './api.js'
import { eventOfCall, text, timeOf } from './call-resource.js'

/**
 * A call that was created so long before its fence, by Twilio's clock, is another one. Wide, because the fence has the time of
 * the store: what is left out wrongly would be called twice, what is taken in wrongly is only asked about.
 */
const CLOCKS_DIFFER = 10 * 60_000
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
  return foundAs(answer.body)
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
    candidates.push(...(calls as Json[]).filter((call) => mayBe(call, to, from, fencedAt)))
  }
  if (asOf === undefined) return cannotTell('Twilio did not say what time it is')
  if (candidates.length > MOST_CANDIDATES) return cannotTell(`${candidates.length} calls with the same numbers`)
  for (const candidate of candidates) {
    const refs = await refsOf(api, candidate)
    if (typeof refs === 'string') return cannotTell(refs)
    if (refs.has(ref)) return foundAs(candidate)
    if (refs.size === 0) return cannotTell('a call with the same numbers, of which nobody knows yet whose it is')
  }
  return { status: 'notFound', asOf }
}

/** Whether a call of the list may be the one that is looked for. What cannot be read may be. */
function mayBe(call: Json, to: string, from: string, fencedAt: number): boolean {
  const direction = text(call.direction)
  if (direction === 'inbound' || direction === 'outbound-dial') return false
  if ((text(call.to) ?? to) !== to || (text(call.from) ?? from) !== from) return false
  const created = timeOf(call.date_created)
  return created === undefined || created >= fencedAt - CLOCKS_DIFFER
}

/** The attempts that the Events of a call name: in what it was asked for with, and in the callbacks that were made. */
async function refsOf(api: TwilioApi, call: Json): Promise<Set<string> | string> {
  const refs = new Set<string>()
  for await (const page of api.pages(`Calls/${encodeURIComponent(String(call.sid))}/Events.json`, {})) {
    if (page.status !== 'ok') return problemOf(page)
    const { events } = page.body
    for (const event of Array.isArray(events) ? (events as Json[]) : []) {
      const { url, parameters } = (event?.request ?? {}) as Json
      for (const value of [url, ...Object.values((parameters ?? {}) as Json)]) {
        const ref = typeof value === 'string' ? refInUrl(value) : undefined
        if (ref !== undefined) refs.add(ref)
      }
    }
  }
  return refs
}

function foundAs(call: Json): Lookup {
  const event = eventOfCall(call)
  return event ? { status: 'found', event } : cannotTell(`a call that is '${String(call.status)}'`)
}

function cannotTell(message: string): Lookup {
  return { status: 'cannotTell', message }
}
