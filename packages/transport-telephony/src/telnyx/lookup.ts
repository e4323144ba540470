import type { CallHandle, Lookup } from '@outdial/core'
import { type Api, dataOf, instantOf, textOf } from './api.js'
import { described } from './errors.js'
import { isUnclear, legOf, progressOf, readHistory } from './history.js'
import type { CarrierSettings } from './options.js'

/** For so long the list of events shows calls that are found by their numbers, in milliseconds. */
export const HORIZON = 86_400_000
/** The service's clock may be so much behind the store's, by which `fencedAt` is told. What is left out would be called twice. */
const CLOCKS = 10 * 60_000

/**
 * Finds a call: by its id when it is known, else by its numbers and what was given along, in the list of events. That there is
 * no such call is said only when the whole list was read, and reaches back far enough.
 */
export async function lookup(api: Api, settings: CarrierSettings, call: CallHandle): Promise<Lookup> {
  if (call.callId === undefined) return byNumbers(api, call)
  const reply = await api.get(`/v2/calls/${encodeURIComponent(call.callId)}`)
  const data = dataOf(reply)
  const leg = textOf(data?.call_leg_id)
  if (!data || leg === undefined) {
    // It is forgotten ten minutes after its end, so that it is not there proves nothing.
    if (reply.status === 'answered' && reply.code === 404) return seen(await byNumbers(api, call))
    return { status: 'cannotTell', message: `the call was not read: ${described(reply)}` }
  }
  const { callId } = call
  const history = await readHistory(api, { 'filter[leg_id]': leg })
  const event = history.status === 'read' ? progressOf(history.entries, leg) : undefined
  if (event?.type === 'ended') return { status: 'found', event: { ...event, callId } }
  const endedAt = instantOf(data.end_time)
  if (endedAt === undefined) return { status: 'found', event: { type: 'queued', ...event, callId } }
  // What it came to is in the list of events, which may lag behind.
  if (history.status === 'cannotTell') return history
  if (settings.now() < endedAt + settings.visibilityLag)
    return { status: 'cannotTell', message: 'it has ended, and the list of events does not say how yet' }
  const outcome = event?.type === 'answered' ? 'answered' : 'outcome_unknown'
  return { status: 'found', event: { type: 'ended', callId, at: endedAt, outcome } }
}

async function byNumbers(api: Api, { ref, to, from, fencedAt }: CallHandle): Promise<Lookup> {
  const since = fencedAt - CLOCKS
  const history = await readHistory(api, {
    'filter[to]': to,
    'filter[from]': from,
    'filter[occurred_at][gte]': new Date(since).toISOString(),
  })
  if (history.status === 'cannotTell') return history
  const { entries, asOf } = history
  const leg = legOf(entries, ref)
  const event = leg === undefined ? undefined : progressOf(entries, leg)
  if (event) return { status: 'found', event }
  if (isUnclear(entries))
    return { status: 'cannotTell', message: 'a call with the same numbers, of which nobody can see whose it is' }
  if (asOf === undefined) return { status: 'cannotTell', message: 'the service did not say what time it was' }
  if (asOf - since > HORIZON) return { status: 'cannotTell', message: 'the list of events goes back for a day only' }
  return { status: 'notFound', asOf }
}

/** Of a call that has an id, only what is found says anything. */
function seen(found: Lookup): Lookup {
  if (found.status !== 'notFound') return found
  return { status: 'cannotTell', message: 'the service has forgotten the call' }
}
