import type { Outcome } from '@outdial/core'
import { describe, expect, test } from 'vitest'
import { DEFAULT_OUTCOMES, simulatedCarrier } from '../src/index.js'
import { attemptAt, bench, phone } from './support/calls.js'

const endsOf = (events: { type: string; outcome?: Outcome }[]) =>
  events.filter(({ type }) => type === 'ended').map(({ outcome }) => outcome)

describe('outcomes', () => {
  test('as weights happen as often as they say', async () => {
    const { carrier, clock, events } = bench({ outcomes: DEFAULT_OUTCOMES })
    const count = 20_000
    for (let i = 0; i < count; i++) await carrier.place(attemptAt(i))
    await clock.runUntilIdle()
    const ends = endsOf(events)
    expect(ends).toHaveLength(count)
    for (const [outcome, share] of Object.entries(DEFAULT_OUTCOMES)) {
      const times = ends.filter((end) => end === outcome).length
      // Five standard deviations.
      expect(Math.abs(times - share * count)).toBeLessThan(5 * Math.sqrt(count * share * (1 - share)))
    }
  })

  test('as a function are decided by number, variables and attempt', async () => {
    const { carrier, clock, events } = bench({
      outcomes: ({ to, attempt, variables }) => {
        if (to === phone(1)) return attempt === 1 ? 'busy' : 'answered'
        if (variables.vip) return { outcome: 'answered', ring: 500, talk: 90_000, cost: 7, raw: { trunk: 'gold' } }
        return { refuse: 'contact', code: '21211' }
      },
    })
    const placed = [
      await carrier.place(attemptAt(1)),
      await carrier.place(attemptAt(1, { attempt: 2 })),
      await carrier.place(attemptAt(2, { variables: { vip: true } })),
      await carrier.place(attemptAt(3)),
    ]
    await clock.runUntilIdle()
    expect(placed.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted', 'rejected'])
    expect(placed[3]).toEqual({ status: 'rejected', reason: 'contact', code: '21211' })
    expect(endsOf(events)).toEqual(['busy', 'answered', 'answered'])
    expect(events.at(-1)).toMatchObject({ duration: 90_000, cost: 7, raw: { sip: 200, trunk: 'gold' } })
  })

  test('a function draws numbers that belong to the number and the attempt', async () => {
    const draws = async (seed: number) => {
      const drawn: number[] = []
      const { carrier } = bench({
        seed,
        outcomes: (_, random) => {
          drawn.push(random.next(), random.next())
          return 'busy'
        },
      })
      await carrier.place(attemptAt(1))
      await carrier.place(attemptAt(1, { ref: 'job_other:1:1:x' }))
      await carrier.place(attemptAt(1, { attempt: 2 }))
      return drawn
    }
    const drawn = await draws(7)
    expect(drawn.slice(0, 2)).toEqual(drawn.slice(2, 4))
    expect(new Set(drawn).size).toBe(4)
    expect(await draws(8)).not.toEqual(drawn)
  })

  test('without answering machine detection nobody is known to be a machine', async () => {
    const { carrier, clock, events } = bench({ outcomes: { voicemail: 1 }, capabilities: { amd: false } })
    await carrier.place(attemptAt(1))
    await clock.runUntilIdle()
    expect(endsOf(events)).toEqual(['answered'])
  })

  test.each([
    ['busy', ['ended'], { sip: 486, q850: 17 }],
    ['invalid_number', ['ended'], { sip: 404, q850: 1 }],
    ['network_error', ['ended'], { sip: 504, q850: 102 }],
    ['rejected', ['ringing', 'ended'], { sip: 603, q850: 21 }],
    ['no_answer', ['ringing', 'ended'], { sip: 487, q850: 19 }],
    ['voicemail', ['ringing', 'answered', 'ended'], { sip: 200, q850: 16, answeredBy: 'machine' }],
    ['answered', ['ringing', 'answered', 'ended'], { sip: 200, q850: 16, answeredBy: 'human' }],
  ] as const)('%s is signalled as %j with its codes', async (outcome, types, raw) => {
    const { carrier, clock, events, heardOf } = bench({ outcomes: { [outcome]: 1 } })
    await carrier.place(attemptAt(1))
    await clock.runUntilIdle()
    expect(heardOf(attemptAt(1))).toEqual(types)
    expect(events.at(-1)).toMatchObject({ outcome, raw })
  })

  test.each([
    [{ outcomes: {} }, 'outcomes'],
    [{ outcomes: { answered: 0 } }, 'outcomes'],
    [{ outcomes: { answered: -1 } }, 'outcomes.answered'],
    [{ outcomes: { outcome_unknown: 1 } }, 'outcomes.outcome_unknown'],
    [{ ring: [5, 1] as const }, 'ring'],
    [{ talk: [-5, 1] as const }, 'talk'],
    [{ setup: [0, Number.POSITIVE_INFINITY] as const }, 'setup'],
    [{ capabilities: { cps: 0 } }, 'capabilities.cps'],
    [{ burst: 0.5 }, 'burst'],
    [{ costPerMinute: -1 }, 'costPerMinute'],
    [{ faults: { timeoutPlaced: 2 } }, 'faults.timeoutPlaced'],
    [{ faults: { eventsLost: { ended: -1 } } }, 'faults.eventsLost.ended'],
    [{ faults: { transit: [2, 1] as const } }, 'faults.transit'],
    [{ faults: { eventsLate: { by: [2, 1] as const } } }, 'faults.eventsLate.by'],
  ])('%j is refused by name', (options, field) => {
    expect(() => simulatedCarrier(options)).toThrow(
      expect.objectContaining({ code: 'invalid_options', details: { field } }),
    )
  })

  test('a function that comes to what no carrier reports is told so', async () => {
    const { carrier } = bench({ outcomes: () => 'outcome_unknown' })
    await expect(carrier.place(attemptAt(1))).rejects.toMatchObject({ code: 'invalid_options' })
    expect(() => carrier.setOutcomes({ outcome_unknown: 1 })).toThrow(
      expect.objectContaining({ code: 'invalid_options' }),
    )
  })

  test('can be changed for the calls from now on', async () => {
    const { carrier, clock, events } = bench()
    await carrier.place(attemptAt(1))
    carrier.setOutcomes({ busy: 1 })
    await carrier.place(attemptAt(2))
    await clock.runUntilIdle()
    expect(endsOf(events)).toEqual(['busy', 'answered'])
  })
})
