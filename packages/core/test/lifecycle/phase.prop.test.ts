import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJobOver, JOB_STATES, JOB_TABLE, type JobState, requestJob } from '../../src/lifecycle/job.js'
import { phaseOf, type Stop, stopping } from '../../src/lifecycle/phase.js'
import { isIllegal, transition } from '../../src/lifecycle/table.js'
import { type Phase, TERMINALS } from '../../src/ports/storage-jobs.js'

const states = fc.constantFrom(...JOB_STATES)
const options = fc.record({ reason: fc.string(), keepOpen: fc.boolean() }, { requiredKeys: [] })
const stops = fc.constantFrom<Stop>('cancel', 'expire', 'fail')

describe('phaseOf', () => {
  it('should say what the table says', () => {
    fc.assert(
      fc.property(states, options, (state, given) => {
        const phase = phaseOf(state, given)

        expect(phase.state).toBe(state)
        expect(phase.reason).toBe(given.reason)
        expect(phase.onClaim?.state).toBe(JOB_TABLE[state].claim)
        expect(phase.onDrained?.state).toBe(given.keepOpen ? undefined : JOB_TABLE[state].drained)
      }),
    )
  })

  it('should lead, step by step, only to what the table allows', () => {
    fc.assert(
      fc.property(states, options, (state, given) => {
        const check = (from: JobState, phase: Phase | undefined): void => {
          if (!phase) return
          expect(Object.values(JOB_TABLE[from])).toContain(phase.state)
          check(phase.state as JobState, phase.onClaim)
          check(phase.state as JobState, phase.onDrained)
        }
        const phase = phaseOf(state, given)

        check(state, phase.onClaim)
        check(state, phase.onDrained)
      }),
    )
  })

  it('should let a queued and a running job dial, and no other', () => {
    expect(JOB_STATES.filter((state) => phaseOf(state).dialable)).toEqual(['queued', 'running'])
  })

  it('should end every job that can be drained, unless it is kept open', () => {
    for (const state of JOB_STATES) {
      const { onDrained } = phaseOf(state)
      if (onDrained) expect(isJobOver(onDrained.state as JobState)).toBe(true)
      if (isJobOver(state)) expect(phaseOf(state)).toStrictEqual({ state, dialable: false })
    }
  })

  it('should not lose `keepOpen` with the first claim', () => {
    expect(phaseOf('queued', { keepOpen: true }).onClaim?.onDrained).toBeUndefined()
    expect(phaseOf('queued').onClaim?.onDrained?.state).toBe('completed')
  })
})

describe('stopping', () => {
  it('should be what the table says of the stop, from every state', () => {
    fc.assert(
      fc.property(stops, fc.string(), states, (stop, reason, state) => {
        const next = transition(JOB_TABLE, state, stop)
        const { phase } = stopping(stop, reason)

        if (isJobOver(state) || state === 'canceling') expect(isIllegal(next)).toBe(true)
        else expect(next).toBe(phase.state)
      }),
    )
  })

  it('should sweep to the terminal state that the job itself drains to', () => {
    fc.assert(
      fc.property(stops, fc.string(), (stop, reason) => {
        const { phase, sweep } = stopping(stop, reason)

        expect(phase.dialable).toBe(false)
        expect(phase.reason).toBe(reason)
        expect(phase.onClaim).toBeUndefined()
        expect(phase.onDrained).toEqual({ state: sweep.terminal, reason, dialable: false })
        expect(TERMINALS).toContain(sweep.terminal)
        expect(Object.values(JOB_TABLE.canceling)).toContain(phase.onDrained?.state)
        expect(sweep.reason).toBe(reason)
      }),
    )
  })

  it('should end as canceled, expired and failed', () => {
    expect((['cancel', 'expire', 'fail'] as const).map((stop) => stopping(stop, '').sweep.terminal)).toEqual([
      'canceled',
      'expired',
      'failed',
    ])
  })
})

describe('requestJob', () => {
  it('should give the next state, or name what is possible', () => {
    expect(requestJob('j1', 'running', 'pause')).toBe('paused')
    expect(() => requestJob('j1', 'scheduled', 'pause')).toThrow(
      /Job j1 is scheduled and cannot pause; possible now: schedule, start, due, cancel, expire, fail\./,
    )
    expect(() => requestJob('j1', 'completed', 'approve_later')).toThrow(/cannot approve later; it has ended\./)
    expect(() => requestJob('j1', 'pending_review', 'pause')).toThrow(
      expect.objectContaining({
        code: 'illegal_transition',
        details: {
          jobId: 'j1',
          state: 'pending_review',
          event: 'pause',
          legal: ['approve', 'approve_later', 'cancel', 'expire', 'fail'],
        },
      }),
    )
  })
})
