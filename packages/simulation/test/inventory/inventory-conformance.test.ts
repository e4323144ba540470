import {
  defineResourceConformance,
  type ResourcesUnderTest,
  type ResourceWeather,
} from '@outdial/conformance/resources'
import type { Clock } from '@outdial/core'
import { describe, expect, it } from 'vitest'
import { type InventoryFaults, type SimulatedInventory, simulatedInventory } from '../../src/index.js'

const ACME = 'acme'

defineResourceConformance(
  { describe, it },
  { name: 'simulatedInventory', clock: 'given', create: async (clock) => under(clock) },
  {
    report({ levels }) {
      const notTried = Object.values(levels).flatMap((level) => level.notTried)
      // It has no account that could be refused, answers what it understands, and waits as long as it likes.
      expect(notTried).toEqual(['R-053', 'R-054', 'R-063'])
    },
  },
)

/** A simulated inventory has no connection and no key; another process sees the same one. */
function under(clock: Clock): ResourcesUnderTest {
  const inventory: SimulatedInventory = simulatedInventory({ clock, lag: [2_000, 2_000] })
  const did = (...kinds: string[]) => [...inventory.ledger].filter(({ kind }) => kinds.includes(kind)).length
  return {
    backend: inventory,
    second: async () => inventory,
    secrets: [],
    organization: ACME,
    stranger: 'umbrella',
    data: (n) => ({ phonenumber: `+1202555${String(100 + n).padStart(4, '0')}`, tags: [`n${n}`] }),
    changes: (n) => ({ tags: [`changed ${n}`], connection_id: 'main' }),
    nobody: (field) => (field === 'id' ? 'num_nobody' : '+12025550000'),
    service: {
      next: (weather) => inventory.setFaults(faultsOf(weather)),
      nextSearch: (weather) => inventory.setFaults(weather === 'fair' ? {} : { findFails: once() }),
      retryAfter: false,
      without: ['account', 'nonsense'],
      resources: () => inventory.numbers(ACME),
      created: () => did('created'),
      asked: () => did('created', 'updated', 'deleted', 'absent', 'refused', 'throttled', 'lost'),
      add: async (data) => inventory.add(ACME, data),
      // What is created is shown late, all of it.
      hide: () => {},
    },
    destroy: async () => {},
  }
}

function faultsOf(weather: ResourceWeather): InventoryFaults {
  if (weather === 'item') {
    return { fails: [{ when: once(), code: 'not_for_you', title: 'It is not for you.', pointer: '/phonenumber' }] }
  }
  if (weather === 'throttled') return { throttled: once() }
  if (typeof weather === 'string') return {}
  if (weather.fault === 'refused') return { unavailable: once() }
  return weather.applied ? { timeoutApplied: once() } : { timeoutNotApplied: once() }
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
