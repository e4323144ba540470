import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CALL_STATES, CALL_TABLE, type CallEvent, type CallState, RANK } from '../../src/lifecycle/call.js'
import { isIllegal, transition } from '../../src/lifecycle/table.js'

/** What is known of a call: where it is, and the highest rank ever proven. */
interface Known {
  state: CallState
  rank: number
}

describe('evidence about a call', () => {
  // A rejection proves that nothing was placed, so a carrier that has shown any sign of the call cannot also reject it.
  const signs = fc.array(fc.constantFrom<CallEvent>('dial', 'queue', 'ring', 'answer', 'end'), { minLength: 1 })
  const refusal = fc.array(fc.constantFrom<CallEvent>('dial', 'reject'), { minLength: 1 })
  const evidence = fc.oneof(signs, refusal)
  const shuffled = evidence.chain((events) =>
    fc.record({
      events: fc.constant(events),
      again: fc.shuffledSubarray([...events, ...events], { minLength: events.length }).filter(hasAll(events)),
    }),
  )

  it('should end in the same state whatever its order, and however often it comes', () => {
    fc.assert(
      fc.property(shuffled, ({ events, again }) => {
        expect(learn(again).state).toBe(learn(events).state)
      }),
    )
  })

  it('should end in the state of the highest rank', () => {
    fc.assert(
      fc.property(evidence, (events) => {
        const highest = Math.max(...events.map((event) => RANK[proves(event)]))

        expect(RANK[learn(events).state as Exclude<CallState, 'unknown'>]).toBe(highest)
      }),
    )
  })

  // That it was being dialed is known to the dialing worker alone: it is nothing that can be found out about a lost call.
  const carriers = evidence.map((events) => events.filter((event) => event !== 'dial'))

  it('should find the same when the call was lost in between', () => {
    fc.assert(
      fc.property(carriers, fc.array(fc.nat(20)), (events, losses) => {
        const interrupted: CallEvent[] = [...events]
        for (const at of losses) interrupted.splice(at % (interrupted.length + 1), 0, 'lose')
        const known = learn(interrupted)

        expect(known.rank).toBe(learn(events).rank)
        expect([learn(events).state, 'unknown']).toContain(known.state)
      }),
    )
  })

  it('should never be moved backwards, not even by contradictions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<CallEvent>('dial', 'queue', 'ring', 'answer', 'end', 'reject', 'lose')),
        (events) => {
          let known: Known = { state: 'fenced', rank: 0 }
          for (const event of events) {
            const next = step(known, event)
            expect(next.rank).toBeGreaterThanOrEqual(known.rank)
            known = next
          }
        },
      ),
    )
  })
})

describe('RANK', () => {
  it('should rise along every step of the table, so that the two never disagree', () => {
    for (const state of CALL_STATES) {
      if (state === 'unknown') continue
      for (const next of Object.values(CALL_TABLE[state])) {
        if (next !== 'unknown') expect(RANK[next]).toBeGreaterThan(RANK[state])
      }
    }
  })

  it('should be highest for the two ends', () => {
    const highest = Math.max(...Object.values(RANK))

    expect(Object.entries(RANK).filter(([, rank]) => rank === highest)).toEqual([
      ['ended', highest],
      ['rejected', highest],
    ])
  })
})

describe('CALL_TABLE', () => {
  it('should let every call that has not ended be lost, and be found in every state but those before the dial', () => {
    for (const state of CALL_STATES) {
      const lost = transition(CALL_TABLE, state, 'lose')
      if (state === 'ended' || state === 'rejected' || state === 'unknown') expect(isIllegal(lost)).toBe(true)
      else expect(lost).toBe('unknown')
    }
    expect(Object.values(CALL_TABLE.unknown).sort()).toEqual(['answered', 'ended', 'queued', 'rejected', 'ringing'])
  })

  it('should take a rejection only before any sign of the call', () => {
    expect(CALL_STATES.filter((state) => 'reject' in CALL_TABLE[state])).toEqual(['fenced', 'dialing', 'unknown'])
  })
})

// Helpers

/** The state that an event proves. */
function proves(event: CallEvent): Exclude<CallState, 'unknown'> {
  const next = transition(CALL_TABLE, 'fenced', event)
  if (isIllegal(next) || next === 'unknown') throw new Error(`${event} proves nothing`)
  return next
}

/** The rule of the storage port: higher than what is known, or equal while it is unknown; a loss keeps the rank. */
function step(known: Known, event: CallEvent): Known {
  const next = transition(CALL_TABLE, known.state, event)
  if (event === 'lose') return isIllegal(next) ? known : { ...known, state: next }
  const rank = RANK[proves(event)]
  const applied = known.state === 'unknown' ? rank >= known.rank : rank > known.rank
  return applied && !isIllegal(next) ? { state: next, rank } : known
}

function learn(events: readonly CallEvent[]): Known {
  return events.reduce(step, { state: 'fenced', rank: 0 } as Known)
}

function hasAll(events: readonly CallEvent[]): (some: readonly CallEvent[]) => boolean {
  return (some) => events.every((event) => some.includes(event))
}
