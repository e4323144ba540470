import type { Attempt, CarrierEvent } from '@outdial/core'
import { type Call, eventOf, type LiveCall } from './call.js'
import { draw, drawWithin, SLOT } from './draws.js'
import { EVENT_TYPES, FAULT_SLOT, type Faults, hits, hitsEvent } from './faults.js'
import type { Hosts } from './host.js'

/** Tells the engine what happened to a call, as faithfully as the faults let it. */
export function announce(call: Call, type: CarrierEvent['type'], live: LiveCall, hosts: Hosts, faults: Faults): void {
  const event = eventOf(call, type)
  const { chance } = call
  const { attempt, overtaken } = live
  const at = call.since
  live.overtaken = undefined

  if (type === 'ringing' && hits(faults.forged, FAULT_SLOT.forged, chance, attempt, at)) {
    hosts.deliver(forgery(call), chance)
  }
  if (!hitsEvent(faults.eventsLost, FAULT_SLOT.eventsLost, type, chance, attempt, at)) {
    const waits = hitsEvent(faults.eventsReordered, FAULT_SLOT.eventsReordered, type, chance, attempt, at)
    if (waits && type !== 'ended') live.overtaken = event
    else send(call, event, attempt, hosts, faults)
  }
  if (overtaken) send(call, overtaken, attempt, hosts, faults)
}

function send(call: Call, event: CarrierEvent, attempt: Attempt, hosts: Hosts, faults: Faults): void {
  const { chance } = call
  const { eventsLate } = faults
  const copies = hitsEvent(faults.eventsDoubled, FAULT_SLOT.eventsDoubled, event.type, chance, attempt, call.since)
    ? 2
    : 1
  for (let copy = 0; copy < copies; copy++) {
    const late =
      eventsLate && hitsEvent(eventsLate.only ?? 1, FAULT_SLOT.eventsLate, event.type, chance, attempt, call.since)
    if (late) {
      // Each event and each copy has a lateness of its own.
      const slot = SLOT.lateness + 4 * copy + EVENT_TYPES.indexOf(event.type)
      hosts.clock.setTimeout(() => hosts.deliver(event, chance), drawWithin(chance, slot, eventsLate.by))
    } else hosts.deliver(event, chance)
  }
}

/** The end of a call that there is not: this task's with another nonce, or a task's of another job. */
function forgery(call: Call): CarrierEvent {
  const { ref } = call.party
  const forged =
    draw(call.chance, SLOT.forgery) < 0.5
      ? `${ref.slice(0, ref.lastIndexOf(':') + 1)}f0rged`
      : `job_f0rged:${ref.slice(ref.indexOf(':') + 1)}`
  return {
    ref: forged,
    type: 'ended',
    callId: 'sim_forged',
    at: call.since,
    outcome: 'answered',
    duration: 1_000,
    cost: 1,
  }
}
