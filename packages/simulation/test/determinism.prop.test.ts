import { test } from '@fast-check/vitest'
import type { Attempt } from '@outdial/core'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Faults } from '../src/index.js'
import { DEFAULT_OUTCOMES, simulatedCarrier, virtualClock } from '../src/index.js'
import { attemptAt, phone } from './support/calls.js'

const faults: Faults = {
  timeoutPlaced: 0.1,
  timeoutNotPlaced: 0.1,
  throwOnPlace: 0.1,
  refuse: { contact: 0.1, unavailable: 0.1 },
  eventsLost: 0.1,
  eventsDoubled: 0.2,
  eventsReordered: 0.2,
  eventsEarly: 0.2,
  eventsLate: { by: [0, 5_000], only: 0.3 },
  forged: 0.2,
}

/** Who is called when: contact, attempt number, and how long after the call before. */
const plan = fc.uniqueArray(
  fc.record({ contact: fc.nat(50), attempt: fc.integer({ min: 1, max: 3 }), pause: fc.nat(20_000) }),
  {
    selector: ({ contact, attempt }) => `${contact}:${attempt}`,
  },
)

/** What happened to each call, relative to when it was placed. */
const run = async (seed: number, calls: { contact: number; attempt: number; pause: number }[]) => {
  const clock = virtualClock({ autoAdvance: true })
  const carrier = simulatedCarrier({
    seed,
    outcomes: DEFAULT_OUTCOMES,
    faults,
    sendDelay: [0, 100],
    replyDelay: [0, 100],
  })
  const stories = new Map<string, string[]>()
  const placedAt = new Map<string, number>()
  const tell = (ref: string, line: string) => {
    const [, contact, attempt] = ref.split(':')
    const key = `${contact}:${attempt}`
    const at = clock.now() - (placedAt.get(key) ?? 0)
    stories.set(key, [...(stories.get(key) ?? []), `${at} ${ref} ${line}`])
  }
  carrier.connect({
    clock,
    emit: ({ ref, type, outcome, duration, cost, callId }) =>
      tell(ref, [type, callId, outcome, duration, cost].join(' ')),
  })
  const place = async (attempt: Attempt) => {
    const answer = await carrier.place(attempt).catch(() => ({ status: 'threw' }))
    tell(attempt.ref, JSON.stringify(answer))
  }
  const placing: Promise<void>[] = []
  for (const { contact, attempt, pause } of calls) {
    await new Promise<void>((resolve) => clock.setTimeout(resolve, pause))
    placedAt.set(`${contact}:${attempt}`, clock.now())
    placing.push(place(attemptAt(contact, { attempt, to: phone(contact) })))
  }
  await Promise.all(placing)
  await new Promise<void>((resolve) => clock.setTimeout(resolve, 86_400_000))
  return new Map([...stories].sort(([a], [b]) => (a < b ? -1 : 1)))
}

test.prop([fc.integer(), plan])('the same seed and the same calls are the same run', async (seed, calls) => {
  expect(await run(seed, calls)).toEqual(await run(seed, calls))
})

test.prop([
  fc.integer(),
  plan.chain((calls) =>
    fc.tuple(fc.constant(calls), fc.shuffledSubarray(calls, { minLength: calls.length }), fc.nat(3)),
  ),
])(
  'what happens to a call does not depend on when, in which order and among how many others it is placed',
  async (seed, [calls, shuffled, spread]) => {
    const otherPauses = shuffled.map((call) => ({ ...call, pause: (call.pause * spread) % 20_000 }))
    expect(await run(seed, otherPauses)).toEqual(await run(seed, calls))
  },
)
