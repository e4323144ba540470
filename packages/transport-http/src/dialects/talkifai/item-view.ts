import {
  type CallRecord,
  type CallSpec,
  type CallTaskSnapshot,
  INFRASTRUCTURE_OUTCOMES,
  type JobSnapshot,
} from '@outdial/core'
import { contactIdOf } from './ids.js'
import { failureReason, sipCode } from './sip.js'
import type { ContactStatus } from './states.js'
import { wireTimeOrNull } from './time.js'

/** Whether a contact has come to an end that was no success, or waits after a call that was none. */
const UNFINISHED: ReadonlySet<ContactStatus> = new Set(['pending', 'dialing', 'completed', 'cancelled'])

/** Attempts that count, the live one included: trouble of the carrier does not. */
export function attemptCount({ calls, liveCall }: CallTaskSnapshot): number {
  return calls.filter(counts).length + (liveCall === undefined ? 0 : 1)
}

function counts({ outcome }: CallRecord): boolean {
  return outcome !== undefined && !INFRASTRUCTURE_OUTCOMES.has(outcome)
}

/** Why a contact was not reached; `null` when it was, or when nobody knows yet. */
export function reasonOf(task: CallTaskSnapshot, status: ContactStatus): string | null {
  if (UNFINISHED.has(status)) return null
  return failureReason(task.calls.at(-1), task.reason) ?? null
}

/** Seconds talked, of a contact that was reached. */
export function secondsOf(task: CallTaskSnapshot, status: ContactStatus): number | null {
  const duration = task.calls.at(-1)?.duration
  return status === 'completed' && duration !== undefined ? Math.round(duration / 1000) : null
}

/** A contact as the wire shows it. Of a call that is live, only its number is known here. */
export function contactView(task: CallTaskSnapshot, job: JobSnapshot, status: ContactStatus): Record<string, unknown> {
  const { agent, attempts } = job.spec as CallSpec
  const last = task.calls.at(-1)
  const answered = last?.answeredAt === undefined ? undefined : last
  const ended = !['waiting', 'claimed', 'active', 'unknown'].includes(task.state)
  const code = UNFINISHED.has(status) ? undefined : sipCode(last)
  return {
    id: contactIdOf(job.id, task.index),
    phoneNumber: task.phone,
    contactData: { phone: task.phone, ...task.variables },
    status,
    errorCode: code === undefined ? null : String(code),
    attemptCount: attemptCount(task),
    maxAttempts: attempts,
    lastAttemptAt: wireTimeOrNull(last?.fencedAt),
    nextRetryAt: wireTimeOrNull(task.waitUntil),
    completedAt: ended ? wireTimeOrNull(last?.endedAt) : null,
    roomName: answered ? roomName(answered, agent) : null,
    failureReason: reasonOf(task, status),
    callDuration: secondsOf(task, status),
  }
}

function roomName({ to, fencedAt }: CallRecord, agent: string | undefined): string {
  return `outbound_${agent ?? 'agent'}_${to.replace(/^\+/, '')}_${Math.floor(fencedAt / 1000)}`
}
