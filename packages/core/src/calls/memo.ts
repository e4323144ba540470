import type { CallSpec } from '../jobs/spec.js'
import { type CallTerms, termsText } from '../money/charge.js'
import type { DialRecord } from '../policy/decide.js'
import { NO_ATTEMPTS, type RetryMemo } from '../policy/retry.js'

/** What is kept with a live attempt in the store, so that any worker can take the call up. */
export interface AttemptMemo {
  /** Caller ids in the order the fence chose from. */
  from: readonly string[]
  /** Milliseconds after `startBy` at which the call must be over. */
  life: number
  /** Absent: it was never called before. */
  retry?: RetryMemo
  /** Why it was allowed. */
  decision: DialRecord
  /** When the person wants to be called again, if an agent has reported that. */
  callback?: number
  /** By what its cost is reckoned. Absent: nobody knows what it costs. */
  terms?: CallTerms
}

/** Beyond ringing and talking, a call's end may be so late in coming. */
const GRACE = 60_000

/** How long after its start a call of this job must be over. */
export function callLife({ ringTimeout, maxDuration }: CallSpec): number {
  return ringTimeout + maxDuration + GRACE
}

/** The text of a memo: first what is different from call to call, since a store may keep once what many end with. */
export function memoText({ from, retry, decision, life, callback, terms }: AttemptMemo): string {
  const { at, zone, offset, ...rest } = decision
  const known = retry === NO_ATTEMPTS ? undefined : retry
  return JSON.stringify({ from, retry: known, callback, decision: { at, zone, offset, ...rest }, life, terms })
}

/** The text of a memo with the terms of one call: that of its batch, written once, is gone on with. */
export function withTerms(memo: string, terms: CallTerms): string {
  return `${memo.slice(0, -1)},"terms":${termsText(terms)}}`
}

const DECISION = '"decision":'

/** The decision in the text of a memo, as JSON. */
export function decisionText(memo: string): string {
  const from = memo.indexOf(DECISION) + DECISION.length
  const to = memo.lastIndexOf(',"life":')
  // As `memoText` writes it: what is before it are numbers and counts, and what is behind it says neither.
  if (memo.startsWith('{"from":[') && from >= DECISION.length && to > from) return memo.slice(from, to)
  return JSON.stringify((JSON.parse(memo) as AttemptMemo).decision)
}

/** The memo of a task between its attempts. */
export function readRetryMemo(memo: string | undefined): RetryMemo {
  return memo === undefined || memo === '' ? NO_ATTEMPTS : (JSON.parse(memo) as RetryMemo)
}
