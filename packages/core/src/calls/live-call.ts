import type { Call, CallTask } from '../events/event-map.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import { type CallState, RANK } from '../lifecycle/call.js'
import type { Outcome } from '../lifecycle/outcome.js'
import { type CallTerms, termsText } from '../money/charge.js'
import { NO_ATTEMPTS, type RetryMemo } from '../policy/retry.js'
import type { CallHandle } from '../ports/carrier.js'
import type { Contact } from '../ports/contacts.js'
import type { LiveRecord } from '../ports/storage-exchange.js'
import type { AttemptMemo } from './memo.js'

/** The contact that is called, as its runner or its record knows it. */
interface Called {
  readonly index: number
  readonly contact: Contact
  /** How often the contact had been tried before. */
  readonly retry: RetryMemo
  /** Caller ids that the fence chose from. */
  readonly from: readonly string[]
  readonly terms?: CallTerms | undefined
}

/** What its fence says of a call. */
type Attempted = Pick<LiveRecord, 'ref' | 'attempt' | 'choice' | 'startBy'>

/** A call as this worker knows it between its fence and its end. */
export class LiveCall {
  readonly ref: string
  readonly job: JobContext<CallSpec>
  readonly index: number
  readonly contact: Contact
  readonly attempt: number
  readonly from: string
  readonly fencedAt: number
  readonly startBy: number
  /** How long after `startBy` it must be over: as its job said when it was fenced, whatever it says now. */
  readonly life: number
  readonly retry: RetryMemo
  /** By what its cost is reckoned, if anybody knows. */
  readonly terms: CallTerms | undefined
  /** What is kept with it in the store, when it is entered into the ledger. */
  memo: string | undefined = undefined
  state: CallState = 'fenced'
  /** Rank of the strongest evidence; does not fall when the call becomes unknown. */
  rank: number = RANK.fenced
  callId: string | undefined = undefined
  answeredAt: number | undefined = undefined
  /** How often the carrier has been asked about it in vain, and when it is worth asking again. */
  looks = 0
  lookAt = 0
  /** When the person wants to be called again, as far as this worker knows, and how many reports it has heard. */
  callback: number | undefined = undefined
  heard = 0
  /** Whether its route's breaker has heard of it. */
  judged = false
  /** Its end has been reported and awaits the store's word. */
  closing = false

  constructor(job: JobContext<CallSpec>, called: Called, attempted: Attempted, fencedAt: number, life: number) {
    this.ref = attempted.ref
    this.job = job
    this.index = called.index
    this.contact = called.contact
    this.attempt = attempted.attempt
    this.from = called.from[Math.max(0, attempted.choice)] ?? ''
    this.fencedAt = fencedAt
    this.startBy = attempted.startBy
    this.life = life
    this.retry = called.retry
    this.terms = called.terms
  }

  /** The contact, as events show it. */
  get task(): CallTask {
    return callTask(this.job, this.index, this.contact)
  }
}

/** How a call ended, for its record. */
export interface CallEnd {
  placed: boolean
  outcome?: Outcome
  endedAt: number
  duration?: number
  cost?: number
  /** See `Call.booked`. */
  booked?: number
  raw?: Readonly<Record<string, string | number>>
}

/** What is kept of an ended call: the task's result of one attempt. */
export type CallRecord = Call & {
  /** By what its cost was reckoned; with rates. */
  readonly terms?: CallTerms
  /** How often it has been corrected. */
  readonly corrections?: number
}

/** The contact of a payload, as events and carriers see it. */
export function callTask(
  job: Pick<JobContext, 'id' | 'organization'>,
  index: number,
  contact: Contact & { row?: number },
): CallTask {
  const { phone, variables, externalId, row } = contact
  return {
    jobId: job.id,
    organization: job.organization,
    index,
    phone,
    variables,
    ...(externalId !== undefined && { externalId }),
    ...(row !== undefined && { row }),
  }
}

/** A call taken up from the store: after a crash, or because its webhook came here. */
export function reviveCall(job: JobContext<CallSpec>, record: LiveRecord): LiveCall {
  const contact = JSON.parse(record.payload) as Contact
  const { from, retry = NO_ATTEMPTS, life, callback, terms } = JSON.parse(record.memo) as AttemptMemo
  const live = new LiveCall(job, { index: record.index, contact, retry, from, terms }, record, record.fencedAt, life)
  live.state = record.unknown ? 'unknown' : (record.state as CallState)
  live.rank = record.rank
  live.callId = record.callId
  live.memo = record.memo
  live.callback = callback
  live.heard = record.notes ?? 0
  if (record.rank === RANK.answered) live.answeredAt = record.since
  return live
}

/** The call as it is now. */
export function callView(live: LiveCall, state: CallState = live.state, end?: CallEnd): Call {
  const { ref, attempt, from, fencedAt } = live
  return {
    ref,
    attempt,
    from,
    to: live.contact.phone,
    state,
    ...(live.callId !== undefined && { callId: live.callId }),
    fencedAt,
    ...(live.answeredAt !== undefined && { answeredAt: live.answeredAt }),
    ...end,
  }
}

/** An ended call as the text that is kept of it: a {@link CallRecord}. By what it was booked is told if it was. */
export function callText({ terms }: LiveCall, { booked }: CallEnd, facts: string): string {
  const text = terms === undefined || booked === undefined ? `{${facts}}` : `{${facts},"terms":${termsText(terms)}}`
  // Reading a character makes one string of the pieces; else they would be kept as long as the text.
  text.charCodeAt(0)
  return text
}

/**
 * What there is to tell of an ended call, as the inside of a JSON object. Written for every call, so by hand: only what comes from
 * outside has to be escaped.
 */
export function endedFacts(live: LiveCall, state: CallState, end: CallEnd): string {
  const { ref, attempt, from, contact, callId, fencedAt, answeredAt } = live
  const { endedAt, outcome, placed, duration, cost, booked, raw } = end
  let text = `"ref":"${ref}","attempt":${attempt},"from":"${from}","to":"${contact.phone}","state":"${state}","fencedAt":${fencedAt}`
  if (callId !== undefined) text += `,"callId":${quoted(callId)}`
  if (answeredAt !== undefined) text += `,"answeredAt":${answeredAt}`
  if (outcome !== undefined) text += `,"outcome":"${outcome}"`
  if (duration !== undefined) text += `,"duration":${duration}`
  if (cost !== undefined) text += `,"cost":${cost}`
  if (booked !== undefined) text += `,"booked":${booked}`
  if (raw !== undefined) text += `,"raw":${JSON.stringify(raw)}`
  return `${text},"endedAt":${endedAt},"placed":${placed}`
}

/** Text in which nothing has to be escaped. */
const PLAIN = /^[\w .:+/=-]*$/

/** Text as JSON: most ids need no more than quotation marks, and to write them so takes a third of the time. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** The call as carriers are asked about it. */
export function callHandle(live: LiveCall): CallHandle {
  const { ref, from, fencedAt, callId } = live
  return { ref, to: live.contact.phone, from, fencedAt, ...(callId !== undefined && { callId }) }
}

/** Whether there has been any sign that the carrier has the call. */
export function wasSeen(live: LiveCall): boolean {
  return live.rank >= RANK.queued
}
