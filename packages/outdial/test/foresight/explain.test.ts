import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, phone } from '../engine/support/bench.js'

describe('an explanation', () => {
  it('tells of every call what was decided before it and why another followed or not', async () => {
    const bench = new Bench({ start: '2027-01-04T15:00:00Z', carrier: { outcomes: { no_answer: 1 } } })
    const engine = await bench.started()
    const window = { timezone: 'America/New_York', hours: '09:00-17:00' }
    const job = await engine.calls.create(bench.campaign({ window, attempts: 2, retry: { no_answer: ['10m'] } }))
    await bench.clock.advance(MINUTE)
    const waiting = await job.explain(phone(0))
    const again = waiting.attempts[0]?.followed
    expect(waiting).toMatchObject({
      attempts: [
        {
          attempt: 1,
          call: { outcome: 'no_answer' },
          decision: { rules: { expiry: 'pass', attempts: 'pass', zone: 'pass', window: 'pass' } },
          zone: 'America/New_York',
          localTime: '2027-01-04T10:00-05:00',
          followed: { status: 'again' },
        },
      ],
      standing: { status: 'waiting', blocks: [{ code: 'retry', outcome: 'no_answer' }], next: { status: 'dial' } },
      complete: true,
    })
    expect(again).toMatchObject({ at: expect.any(Number) })
    expect(waiting.standing).toMatchObject({ next: again && 'at' in again ? { at: again.at } : {} })
    await bench.clock.advance(HOUR)
    const ended = await job.explain(0)
    expect(ended.attempts.map(({ followed }) => followed?.status)).toEqual(['again', 'ended'])
    expect(ended.standing).toMatchObject({
      status: 'ended',
      ends: { state: 'failed', reason: 'retries_for_outcome_exhausted' },
    })
    expect(ended.detail).toMatch(/^Call 1 from \+13035550100 came to no_answer\. .+ Call 2 .+ as often as it may be\.$/)
    await bench.end(engine)
  })

  it('names everything that says no now, room and pace among it, and the pause with its end', async () => {
    const bench = new Bench({ start: '2027-01-04T15:00:00Z' })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(3), concurrency: 1 }))
    await bench.clock.advance(2000)
    expect((await job.explain(0)).standing).toMatchObject({ status: 'live', unknown: false })
    expect((await job.explain(2)).standing).toMatchObject({
      status: 'waiting',
      blocks: [{ code: 'capacity', limit: 1, held: 1 }],
      next: { status: 'dial' },
    })
    const until = bench.clock.now() + HOUR
    await job.pause({ reason: 'lunch', until })
    const revision = (await job.snapshot()).revision
    expect((await job.explain(2)).standing).toMatchObject({
      blocks: [{ code: 'job_state', state: 'paused', reason: 'lunch', until }, { code: 'capacity' }],
      next: { status: 'dial', at: until },
    })
    expect((await job.snapshot()).revision).toBe(revision)
    await bench.end(engine)
  })

  it('says what it can of a log that is kept no longer, and that it is not all', async () => {
    const start = '2027-01-04T15:00:00Z'
    for (const [events, complete] of [
      [100_000, true],
      [50, false],
    ] as const) {
      const bench = new Bench({ start, events })
      const engine = await bench.started()
      const job = await engine.calls.create(bench.campaign({ contacts: people(100), concurrency: 10 }))
      await bench.clock.advance(HOUR)
      const told = await job.explain(3)
      expect(told.complete).toBe(complete)
      expect(told.attempts[0]).toMatchObject({ call: { outcome: 'answered' }, localTime: '2027-01-04T15:00+00:00' })
      expect(told.attempts[0]?.decision !== undefined).toBe(complete)
      await bench.end(engine)
    }
  })
})
