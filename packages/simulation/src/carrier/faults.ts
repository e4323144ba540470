import type { Attempt, CallHandle, CarrierEvent, Rejection } from '@outdial/core'
import { draw, type Range } from './draws.js'

/**
 * When something goes wrong: a probability from 0 to 1, or a function of the call and the carrier's wall time in
 * milliseconds. Whether a probability hits depends on the seed, the number and the attempt only.
 */
export type Fault<Call = Attempt> = number | ((call: Call, at: number) => boolean)

/** A fault per type of event; a type that is absent has none. */
export type EventFault = Fault | { [Type in CarrierEvent['type']]?: Fault }

/** What goes wrong. Everything absent goes well. */
export interface Faults {
  /** The answer is lost: `place` says `unknown`, and the call takes its course. */
  timeoutPlaced?: Fault
  /** The request is lost: `place` says `unknown`, and nobody is called. */
  timeoutNotPlaced?: Fault
  /** With `timeoutPlaced`: the request lay somewhere and reaches the carrier so many milliseconds after the answer was given up. */
  transit?: Range
  /** `place` throws instead of answering. The call takes its course, unless `timeoutNotPlaced` hits as well. */
  throwOnPlace?: Fault
  /** The carrier says no, per reason: `{ configuration: 1 }` refuses every call until it is repaired. */
  refuse?: { [Reason in Rejection]?: Fault }
  /** Events arrive late by this many milliseconds. A range hits every event; give `only` to spare some. */
  eventsLate?: { by: Range; only?: EventFault }
  /** The first event of the call arrives before `place` has answered. */
  eventsEarly?: Fault
  /** Events arrive twice. */
  eventsDoubled?: EventFault
  /** An event arrives after the next one of its call. The end has no next one, so it is never affected. */
  eventsReordered?: EventFault
  /** Events never arrive. With `{ ended: 1 }` the engine hears of no end and must look it up. */
  eventsLost?: EventFault
  /** Beside the call's own events there comes one that ends another call: a wrong nonce, or a ref that never existed. */
  forged?: Fault
  /** `hangup` is refused and the call goes on. Decided anew at each instant it is asked. */
  hangupRefused?: Fault<CallHandle>
  /** How long after its placing a call stays invisible to `lookup`. Above `capabilities.lookup.visibilityLag` the carrier lies. Default: from 0 up to that lag. */
  lookupLag?: Range
  /** `lookup` says `cannotTell`. Decided anew at each instant it is asked. */
  lookupFails?: Fault<CallHandle>
  /** `lookup` throws. Decided anew at each instant it is asked. */
  lookupThrows?: Fault<CallHandle>
}

/**
 * The first slot of each fault that is a decision; events take one per type, refusals one per reason. Never change one:
 * old seeds would mean new runs.
 */
export const FAULT_SLOT = {
  timeoutPlaced: 32,
  timeoutNotPlaced: 40,
  throwOnPlace: 48,
  eventsEarly: 56,
  forged: 64,
  hangupRefused: 72,
  lookupFails: 80,
  lookupThrows: 88,
  eventsLate: 96,
  eventsDoubled: 104,
  eventsReordered: 112,
  eventsLost: 120,
  refuse: 128,
} as const

/** Event types and reasons by their place within a fault's slots. */
export const EVENT_TYPES: readonly CarrierEvent['type'][] = ['queued', 'ringing', 'answered', 'ended']
/** See {@link EVENT_TYPES}. */
export const REASONS: readonly Rejection[] = ['contact', 'throttled', 'unavailable', 'configuration', 'account']

/** Whether a fault hits a call. */
export function hits<Call>(
  fault: Fault<Call> | undefined,
  slot: number,
  chance: number,
  call: Call,
  at: number,
): boolean {
  if (fault === undefined || fault === 0) return false
  return typeof fault === 'number' ? draw(chance, slot) < fault : fault(call, at)
}

/** Whether a fault hits an event of a call. */
export function hitsEvent(
  fault: EventFault | undefined,
  slot: number,
  type: CarrierEvent['type'],
  chance: number,
  attempt: Attempt,
  at: number,
): boolean {
  if (fault === undefined) return false
  const own = typeof fault === 'object' ? fault[type] : fault
  return hits(own, slot + EVENT_TYPES.indexOf(type), chance, attempt, at)
}
