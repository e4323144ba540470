import type { EventFault, Faults } from 'outdial'
import type { Draw } from './draw.js'
import type { PlannedCarrier } from './plan.js'

const MINUTE = 60_000

/** A carrier and what goes wrong with it. */
export function drawCarrier(draw: Draw, seed: number, index: number): PlannedCarrier {
  const name = ['alpha', 'beta'][index] as string
  const transit = draw.pick([0, 0, 5000, 25_000])
  const cps = draw.pick([undefined, undefined, 2, 10])
  const idempotency = draw.pick(['none', 'none', 'none', 'durable'] as const)
  return {
    name,
    transit,
    options: {
      seed: `${seed} ${name}`,
      capabilities: {
        idempotency,
        lookup: draw.chance(0.75)
          ? { visibilityLag: draw.pick([0, 2000, 20_000]), horizon: draw.pick([3, 20]) * MINUTE }
          : false,
        hangup: draw.chance(0.85),
        ...(cps !== undefined && { cps }),
      },
      outcomes: draw.pick([
        { answered: 1 },
        { answered: 5, no_answer: 3, busy: 2, voicemail: 1, rejected: 1, invalid_number: 0.5, unwanted: 0.3 },
        { no_answer: 3, busy: 3, network_error: 2, carrier_error: 1, answered: 1 },
      ]),
      talk: draw.pick([
        [1000, 5000],
        [15_000, 100_000],
        [60_000, 600_000],
      ] as const),
      sendDelay: draw.pick([
        [0, 0],
        [0, 300],
        [0, 4000],
      ] as const),
      replyDelay: draw.pick([
        [0, 0],
        [0, 3000],
        [0, 45_000],
      ] as const),
      faults: drawFaults(draw, transit),
    },
  }
}

/** Faults of one time; `transit` is the longest way a lost request may take. */
export function drawFaults(draw: Draw, transit: number): Faults {
  if (draw.chance(0.15)) return {}
  const some = () => draw.pick([0, 0, 0.05, 0.3])
  const events = (): EventFault =>
    draw.pick([0, 0, 0.1, 0.5, { ended: 0.3 }, { ringing: 0.5, answered: 0.5 }] as EventFault[])
  return {
    timeoutPlaced: some(),
    timeoutNotPlaced: some(),
    throwOnPlace: some(),
    ...(transit > 0 && { transit: [0, transit] as const }),
    eventsLate: {
      by: draw.pick([
        [0, 500],
        [0, 30_000],
        [0, 600_000],
      ] as const),
      only: events(),
    },
    eventsEarly: some(),
    eventsDoubled: events(),
    eventsReordered: events(),
    eventsLost: events(),
    forged: some(),
    hangupRefused: some(),
    lookupFails: some(),
    lookupThrows: some(),
    refuse: {
      throttled: some(),
      unavailable: some(),
      configuration: draw.pick([0, 0, 0.02]),
      contact: draw.pick([0, 0.05]),
    },
  }
}
