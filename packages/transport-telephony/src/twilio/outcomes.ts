import type { CarrierEvent, Outcome } from '@outdial/core'
import { sipOutcome } from '../outcomes/sip.js'

/** The states of a call, and how far it has got in each. Source: twilio.com/docs/voice/api/call-resource, "Call status values". */
const TYPES: ReadonlyMap<string, CarrierEvent['type']> = new Map([
  ['queued', 'queued'],
  ['initiated', 'queued'],
  ['ringing', 'ringing'],
  ['in-progress', 'answered'],
  ['completed', 'ended'],
  ['busy', 'ended'],
  ['no-answer', 'ended'],
  ['failed', 'ended'],
  ['canceled', 'ended'],
])

/** SIP codes that say more than `busy` and `no-answer` do: a person's, or an analyser's, "no". */
const REFUSALS: ReadonlySet<Outcome> = new Set(['rejected', 'unwanted', 'blocked'])

/** What Twilio says of a call, in its own words. */
export interface Said {
  CallStatus: string
  AnsweredBy?: string
  SipResponseCode?: string
}

/** How far a call has got; `undefined` for a state that there is not. */
export function eventType(status: string): CarrierEvent['type'] | undefined {
  return TYPES.get(status)
}

/** What came of a call that has ended. */
export function outcomeOf({ CallStatus, AnsweredBy = '', SipResponseCode = '' }: Said): Outcome {
  const sip = sipOutcome(Number(SipResponseCode))
  switch (CallStatus) {
    case 'completed':
      // machine_start, machine_end_beep, machine_end_silence, machine_end_other; `machine` in old records.
      if (AnsweredBy.startsWith('machine')) return 'voicemail'
      return AnsweredBy === 'fax' ? 'fax' : 'answered'
    case 'busy':
      return sip && REFUSALS.has(sip) ? sip : 'busy'
    case 'no-answer':
      return sip && REFUSALS.has(sip) ? sip : 'no_answer'
    case 'canceled':
      return 'canceled'
    default:
      return sip ?? 'failed'
  }
}
