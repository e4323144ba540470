import type { CarrierEvent } from '@outdial/core'
import { sipOutcome } from '../outcomes/sip.js'
import { instant } from './json.js'

type Said = Omit<CarrierEvent, 'ref'>

const TYPES = ['queued', 'ringing', 'answered', 'ended'] as const

/**
 * How far a call has got, as a service says it. What is in it is passed on as it is: the engine judges each field, and
 * reports those that cannot be right. `undefined`: it is in no state that there is.
 */
export function eventOf(state: unknown, at: unknown, said: Readonly<Record<string, unknown>>): Said | undefined {
  const type = TYPES.find((known) => known === state)
  if (type === undefined) return undefined
  const time = instant(at)
  const event: Record<string, unknown> = { type }
  if (time !== undefined) event.at = time
  for (const name of ['callId', 'outcome', 'duration', 'cost', 'raw']) {
    if (said[name] !== undefined && said[name] !== null) event[name] = said[name]
  }
  if (type === 'ended' && event.outcome === undefined) {
    const outcome = outcomeByCode(said.raw)
    if (outcome !== undefined) event.outcome = outcome
  }
  return event as unknown as Said
}

/** For services that know the SIP code and leave it to us what it means. */
function outcomeByCode(raw: unknown) {
  if (typeof raw !== 'object' || raw === null) return undefined
  const { sip, reason } = raw as Readonly<Record<string, unknown>>
  return sipOutcome(Number(sip), typeof reason === 'string' ? reason : '')
}
