import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CALL_EVENTS, CALL_STATES, CALL_TABLE } from '../../src/lifecycle/call.js'
import { isJobOver, JOB_EVENTS, JOB_STATES, JOB_TABLE } from '../../src/lifecycle/job.js'
import { FINAL_OUTCOMES, INFRASTRUCTURE_OUTCOMES, isOutcome, OUTCOMES } from '../../src/lifecycle/outcome.js'
import { isIllegal, type TransitionTable, transition } from '../../src/lifecycle/table.js'
import { isTaskOver, TASK_EVENTS, TASK_STATES, TASK_TABLE, taskState } from '../../src/lifecycle/task.js'
import { TERMINALS } from '../../src/ports/storage-jobs.js'

/** What must be true of every lifecycle. Terminal states are written down here a second time, on purpose. */
const LIVES = [
  {
    name: 'job',
    table: JOB_TABLE as TransitionTable<string, string>,
    states: JOB_STATES as readonly string[],
    events: JOB_EVENTS as readonly string[],
    first: 'draft',
    terminal: ['completed', 'failed', 'canceled', 'expired'],
  },
  {
    name: 'task',
    table: TASK_TABLE as TransitionTable<string, string>,
    states: TASK_STATES as readonly string[],
    events: TASK_EVENTS as readonly string[],
    first: 'waiting',
    terminal: ['succeeded', 'failed', 'skipped', 'canceled', 'expired'],
  },
  {
    name: 'call',
    table: CALL_TABLE as TransitionTable<string, string>,
    states: CALL_STATES as readonly string[],
    events: CALL_EVENTS as readonly string[],
    first: 'fenced',
    terminal: ['ended', 'rejected'],
  },
]

describe.each(LIVES)('the life of a $name', ({ table, states, events, first, terminal }) => {
  const histories = fc.array(fc.constantFrom(...events))

  const live = (history: readonly string[]): string[] => {
    const past = [first]
    for (const event of history) {
      const next = transition(table, past.at(-1) as string, event)
      if (!isIllegal(next)) past.push(next)
    }
    return past
  }

  it('should have a row for each state and no other', () => {
    expect(Object.keys(table).sort()).toEqual([...states].sort())
  })

  it('should answer every state and event with a state, or with what would have been legal', () => {
    for (const state of states) {
      for (const event of events) {
        const next = transition(table, state, event)
        if (isIllegal(next))
          expect(next).toEqual({ illegal: true, state, event, legal: Object.keys(table[state] ?? {}) })
        else expect(states).toContain(next)
      }
    }
  })

  it('should not take properties of objects for events', () => {
    for (const state of states) {
      for (const event of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
        expect(isIllegal(transition(table, state, event))).toBe(true)
      }
    }
  })

  it('should use every event and know every event it uses', () => {
    const used = new Set(states.flatMap((state) => Object.keys(table[state] ?? {})))

    expect([...used].sort()).toEqual([...events].sort())
  })

  it('should reach every state from the first, and a terminal one from every state', () => {
    const reach = (from: string): Set<string> => {
      const seen = new Set([from])
      for (const state of seen) for (const next of Object.values(table[state] ?? {})) seen.add(next as string)
      return seen
    }

    expect([...reach(first)].sort()).toEqual([...states].sort())
    for (const state of states) expect(terminal.some((end) => reach(state).has(end))).toBe(true)
  })

  it('should have exactly these terminal states', () => {
    expect(states.filter((state) => Object.keys(table[state] ?? {}).length === 0).sort()).toEqual([...terminal].sort())
  })

  it('should never leave a terminal state, and enter it once at most', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const past = live(history)
        const end = past.findIndex((state) => terminal.includes(state))

        if (end >= 0) expect(end).toBe(past.length - 1)
      }),
    )
  })

  it('should give the same past for the same history, and change no table', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const before = JSON.stringify(table)

        expect(live(history)).toEqual(live(history))
        expect(JSON.stringify(table)).toBe(before)
      }),
    )
  })
})

describe('isJobOver', () => {
  it('should be true of the terminal states alone', () => {
    expect(JOB_STATES.filter(isJobOver)).toEqual(['completed', 'failed', 'canceled', 'expired'])
  })
})

describe('isTaskOver', () => {
  it('should be true of the terminal states alone', () => {
    expect(TASK_STATES.filter(isTaskOver)).toEqual([...TERMINALS])
  })
})

describe('taskState', () => {
  it('should be the place in the store, but one for the two ways of waiting', () => {
    expect((['fresh', 'deferred', 'claimed', 'active', 'unknown', ...TERMINALS] as const).map(taskState)).toEqual([
      'waiting',
      ...TASK_STATES,
    ])
  })
})

describe('outcomes', () => {
  it('should be told from anything else that a carrier may say', () => {
    expect([...OUTCOMES, 'hung_up', '', 'ANSWERED', undefined, 1].filter(isOutcome)).toEqual(OUTCOMES)
  })

  it('should be infrastructure only where the trouble is not the contact’s, and final only where a call is pointless', () => {
    expect(OUTCOMES.filter((outcome) => INFRASTRUCTURE_OUTCOMES.has(outcome))).toEqual([
      'network_error',
      'carrier_error',
    ])
    expect(OUTCOMES.filter((outcome) => FINAL_OUTCOMES.has(outcome))).toEqual([
      'invalid_number',
      'unwanted',
      'outcome_unknown',
    ])
  })
})
