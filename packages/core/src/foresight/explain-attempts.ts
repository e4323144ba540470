import type { CallRecord } from '../calls/live-call.js'
import type { AttemptMemo } from '../calls/memo.js'
import type { CallSpec } from '../jobs/spec.js'
import type { CallTaskSnapshot } from '../jobs/task-view.js'
import { parseRef } from '../lifecycle/ref.js'
import { isTaskOver } from '../lifecycle/task.js'
import type { DialRecord } from '../policy/decide.js'
import { formatInstant } from '../policy/instant.js'
import { defaultZone, zoneForTimes } from '../policy/zones.js'
import type { StoredEvent } from '../ports/storage-read.js'
import type { ExplainedAttempt } from './explanation.js'
import { callWords, endWords, localTime } from './words.js'

/** What is known of a contact's calls. */
export interface KnownCalls {
  task: CallTaskSnapshot<unknown>
  /** The contact's own zone, and the definition of its job. */
  timezone: string | undefined
  spec: CallSpec
  events: readonly StoredEvent[]
  /** Memo of the live one. */
  liveMemo: string | undefined
}

/** Every call of a contact with what was decided before it and what followed. */
export function explainAttempts(known: KnownCalls): ExplainedAttempt[] {
  const { calls, liveCall } = known.task
  const attempts = calls.map((call, i) => ended(known, call, i === calls.length - 1 && liveCall === undefined))
  return liveCall === undefined ? attempts : [...attempts, live(known, liveCall)]
}

function ended(known: KnownCalls, call: CallRecord, last: boolean): ExplainedAttempt {
  const followed = last ? afterLast(known, call) : { status: 'again' as const, ...again(known, call.ref) }
  const follows =
    followed === undefined
      ? ''
      : followed.status === 'ended'
        ? ` ${endWords(followed.ends)}`
        : ` It was to be called again${followed.at ? ` from ${formatInstant(followed.at)} on` : ''}.`
  return {
    ref: call.ref,
    attempt: call.attempt,
    call,
    ...decided(known, call.ref, call.fencedAt),
    ...(followed && { followed }),
    detail: callWords(call) + follows,
  }
}

function live(known: KnownCalls, ref: string): ExplainedAttempt {
  const attempt = parseRef(ref)?.attempt ?? known.task.calls.length + 1
  return { ref, attempt, ...decided(known, ref, undefined), detail: `Call ${attempt} is under way.` }
}

function afterLast(known: KnownCalls, { ref }: CallRecord): ExplainedAttempt['followed'] {
  const { state, reason = '' } = known.task
  if (isTaskOver(state)) return { status: 'ended', ends: { state, reason } }
  return { status: 'again', ...again(known, ref) }
}

/** When it was to be called again, from the entry that tells of the end of a call. */
function again({ events }: KnownCalls, ref: string): { at?: number } {
  for (const { data } of events) {
    if (data.type === 'closed' && data.ref === ref && data.waitUntil) return { at: data.waitUntil }
  }
  return {}
}

function decided(
  { events, liveMemo, timezone, spec, task }: KnownCalls,
  ref: string,
  fencedAt: number | undefined,
): Pick<ExplainedAttempt, 'decision' | 'zone' | 'localTime'> {
  const memo =
    events.flatMap(({ data }) => (data.type === 'fenced' && data.ref === ref ? data.memo : []))[0] ??
    (task.liveCall === ref ? liveMemo : undefined)
  const decision = memo ? ((JSON.parse(memo) as AttemptMemo).decision as DialRecord | undefined) : undefined
  const zone = decision?.zone ?? timezone ?? defaultZone(spec)
  const at = decision?.at ?? fencedAt
  const local = at === undefined ? undefined : localTime(at, zoneForTimes(zone, at))
  return { ...(decision && { decision }), zone, ...(local !== undefined && { localTime: local }) }
}
