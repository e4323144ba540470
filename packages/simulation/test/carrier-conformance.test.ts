import {
  type CarrierHarness,
  type CarrierUnderTest,
  defineCarrierConformance,
  type Ending,
  type Weather,
} from '@outdial/conformance/carriers'
import type { Clock } from '@outdial/core'
import { describe, expect, it } from 'vitest'
import {
  type Faults,
  type RefusalScript,
  type ReportableOutcome,
  type SimulatedCarrier,
  simulatedCarrier,
} from '../src/index.js'

const OUTCOMES: Readonly<Record<Ending, ReportableOutcome>> = {
  completed: 'answered',
  voicemail: 'voicemail',
  busy: 'busy',
  no_answer: 'no_answer',
  invalid_number: 'invalid_number',
  rejected: 'rejected',
  network_error: 'network_error',
  canceled: 'canceled',
}

defineCarrierConformance({ describe, it }, harness('simulatedCarrier', {}), {
  report({ levels }) {
    const notTried = Object.values(levels).flatMap((level) => level.notTried)
    expect(notTried).toEqual(['C-015', 'C-026', 'C-034'])
  },
})
defineCarrierConformance(
  { describe, it },
  harness('simulatedCarrier that repeats', { idempotency: { window: 60_000 } }),
)

function harness(name: string, capabilities: Partial<SimulatedCarrier['capabilities']>): CarrierHarness {
  return { name, clock: 'given', create: async (clock) => under(clock, capabilities) }
}

/** A simulated carrier decides what becomes of a call when it is placed, and goes by the clock; another process sees the same one. */
function under(clock: Clock, capabilities: Partial<SimulatedCarrier['capabilities']>): CarrierUnderTest {
  let plan: Ending = 'completed'
  let weather: Weather = 'fair'
  let refusal: RefusalScript | undefined
  const met = () => {
    const now = weather
    weather = 'fair'
    return now
  }
  const carrier = simulatedCarrier({
    clock,
    capabilities,
    sendDelay: [100, 100],
    // Nothing happens by itself while the kit looks at something else: it waits for what it wants to hear.
    setup: [1_000, 1_000],
    ring: [18_000, 18_000],
    outcomes: () => refusal ?? { outcome: OUTCOMES[plan], talk: 60_000 },
  })
  // What a request meets is decided when it is written.
  const place: SimulatedCarrier['place'] = (attempt) =>
    carrier.place({
      ...attempt,
      startable: () => {
        if (!attempt.startable()) return false
        const now = met()
        carrier.setFaults(faultsOf(now))
        refusal = typeof now === 'string' && now !== 'fair' ? { refuse: now, code: now, retryAfter: 7_000 } : undefined
        return true
      },
    })
  const wrapped: SimulatedCarrier = { ...carrier, place }
  const entries = (...kinds: string[]) => [...carrier.ledger].filter(({ kind }) => kinds.includes(kind))
  return {
    carrier: wrapped,
    second: async () => wrapped,
    secrets: [],
    service: {
      next: (next) => {
        weather = next
      },
      nextLookup: (next) => {
        if (next !== 'fair') carrier.setFaults({ lookupFails: once() })
      },
      nextHangup: () => carrier.setFaults({ hangupRefused: once() }),
      // There is no connection that anybody could refuse.
      without: ['refused'],
      plan: (how) => {
        plan = how
      },
      calls: () => entries('placed').map(({ callId = '', to, from, ref }) => ({ callId, to, from, ref })),
      asked: () => entries('placed', 'replayed', 'refused', 'lost').length,
      live: (callId) => !entries('ended').some((entry) => entry.callId === callId),
      ring: async () => [],
      answer: async () => [],
      end: async () => [],
      forged: () => undefined,
    },
    destroy: async () => {},
  }
}

function faultsOf(weather: Weather): Faults {
  if (typeof weather === 'string' || weather.fault === 'refused') return {}
  return weather.fault === 'nonsense' || weather.placed ? { timeoutPlaced: 1 } : { timeoutNotPlaced: 1 }
}

/** A fault that hits once. */
function once(): () => boolean {
  let hit = false
  return () => {
    if (hit) return false
    hit = true
    return true
  }
}
