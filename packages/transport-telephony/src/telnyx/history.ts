import type { CarrierEvent } from '@outdial/core'
import { serviceTime } from '../wire/retry-after.js'
import { type Api, instantOf, isGood, objectOf, textOf } from './api.js'
import { decodeState } from './client-state.js'
import { commandId } from './command-id.js'
import { described } from './errors.js'
import { type HeardAs, heardAs, outcomeOf, TALKED } from './outcomes.js'

/** One entry of the list of events. */
interface Entry {
  readonly name: string
  readonly leg: string
  readonly at: number | undefined
  /** The event as it was sent, in a shape that is not documented: looked through, not relied on. */
  readonly metadata: unknown
}

/** What the list of events says. `asOf`: the service's time before it was read. */
export type History =
  | { status: 'read'; entries: readonly Entry[]; asOf: number | undefined }
  | { status: 'cannotTell'; message: string }

const PAGE = 250
/** More than any two numbers have to do with each other in a day. */
const MOST_PAGES = 20

/** Reads the list of events, all of it. */
export async function readHistory(api: Api, filter: Readonly<Record<string, string>>): Promise<History> {
  const entries: Entry[] = []
  let asOf: number | undefined
  for (let page = 1; page <= MOST_PAGES; page++) {
    const reply = await api.get('/v2/call_events', { ...filter, 'page[number]': page, 'page[size]': PAGE })
    const { data, meta } = (isGood(reply) && objectOf(reply.json)) || {}
    const pages = objectOf(meta)?.total_pages
    if (!isGood(reply) || !Array.isArray(data) || typeof pages !== 'number')
      return { status: 'cannotTell', message: `the list of events was not read: ${described(reply)}` }
    if (page === 1) asOf = serviceTime(reply.headers)
    entries.push(...data.map(entryOf))
    if (page >= pages) return { status: 'read', entries, asOf }
  }
  return { status: 'cannotTell', message: `there are more than ${MOST_PAGES * PAGE} events` }
}

/** The leg of the call with this ref, if there is any trace of it. */
export function legOf(entries: readonly Entry[], ref: string): string | undefined {
  const dialed = commandId(ref, 'dial')
  return entries.find(
    ({ metadata }) =>
      textsAt(metadata, 'client_state').some((text) => decodeState(text)?.ref === ref) ||
      textsAt(metadata, 'command_id').includes(dialed),
  )?.leg
}

/** Whether a leg does not show whose call it is: it may be any with these numbers. */
export function isUnclear(entries: readonly Entry[]): boolean {
  const named = entries.filter(({ metadata }) => textsAt(metadata, 'client_state').some((text) => decodeState(text)))
  const known = new Set(named.map(({ leg }) => leg))
  return entries.some(({ leg }) => !known.has(leg))
}

/** How far a leg has got, as its events say; `undefined` when there is none that says so. */
export function progressOf(entries: readonly Entry[], leg: string): Omit<CarrierEvent, 'ref'> | undefined {
  const own = entries.filter((entry) => entry.leg === leg)
  const [callId] = own.flatMap(({ metadata }) => textsAt(metadata, 'call_control_id'))
  const known = callId === undefined ? {} : { callId }
  const answered = own.find(({ name }) => name === 'call.answered')
  const hangup = own.find(({ name }) => name === 'call.hangup')
  if (hangup) return { type: 'ended', ...known, ...at(hangup), ...endOf(own, hangup, answered) }
  if (answered) return { type: 'answered', ...known, ...at(answered) }
  return own.length > 0 ? { type: 'queued', ...known } : undefined
}

function endOf(own: readonly Entry[], hangup: Entry, answered: Entry | undefined): Partial<CarrierEvent> {
  const [cause] = textsAt(hangup.metadata, 'hangup_cause')
  const [sip] = textsAt(hangup.metadata, 'sip_hangup_cause')
  const heard = heardIn(own)
  const outcome = outcomeOf({ cause, sip, heard, answered: answered !== undefined })
  const talked = TALKED.has(outcome) && hangup.at !== undefined && answered?.at !== undefined
  return {
    outcome,
    ...(talked && { duration: Math.max(0, (hangup.at as number) - (answered.at as number)) }),
    raw: { ...(cause !== undefined && { hangup_cause: cause }), ...(sip !== undefined && { sip_hangup_cause: sip }) },
  }
}

/** Who was heard on a leg, if the service has found out. */
export function heardOn(entries: readonly Entry[], leg: string): HeardAs | undefined {
  return heardIn(entries.filter((entry) => entry.leg === leg))
}

function heardIn(own: readonly Entry[]): HeardAs | undefined {
  const [result] = own
    .filter(({ name }) => /^call\.machine\.(detection|premium\.(detection|greeting))\.ended$/.test(name))
    .flatMap(({ metadata }) => textsAt(metadata, 'result'))
  return result === undefined ? undefined : heardAs(result)
}

function at({ at: time }: Entry): { at?: number } {
  return time === undefined ? {} : { at: time }
}

function entryOf(value: unknown): Entry {
  const entry = objectOf(value) ?? {}
  return {
    name: textOf(entry.name) ?? '',
    leg: textOf(entry.call_leg_id) ?? '',
    at: instantOf(entry.event_timestamp),
    metadata: entry.metadata,
  }
}

/** Texts under this name, however deep: how events are kept inside of an entry is not documented. */
function textsAt(value: unknown, name: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => textsAt(one, name))
  const object = objectOf(value)
  if (!object) return []
  return Object.entries(object).flatMap(([key, inner]) =>
    key === name && typeof inner === 'string' ? [inner] : textsAt(inner, name),
  )
}
