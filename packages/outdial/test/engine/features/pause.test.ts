import { isOutdialError } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, SECOND } from '../support/bench.js'

const code = (error: unknown) => (isOutdialError(error) ? error.code : String(error))

describe('a pause with an end', () => {
  it('ends by itself, whoever runs then', async () => {
    const bench = new Bench()
    const first = await bench.started()
    const job = await first.calls.create(bench.campaign({ contacts: people(4), concurrency: 1 }))
    await bench.clock.advance(10 * SECOND)
    const until = bench.clock.now() + HOUR
    const paused = await job.pause({ reason: 'lunch', until })
    expect(paused).toMatchObject({ state: 'paused', reason: 'lunch', resumeAt: until })
    await bench.end(first)
    const second = await bench.started()
    await bench.clock.advance(HOUR - MINUTE)
    expect(bench.entries('placed')).toHaveLength(1)
    await bench.clock.advance(5 * MINUTE)
    expect(await job.snapshot()).toMatchObject({ state: 'completed', tasks: { succeeded: 4 } })
    expect(await job.snapshot()).not.toHaveProperty('resumeAt')
    await bench.end(second)
  })

  it('is ended by hand before, and does not end the next one', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(9), concurrency: 1 }))
    await job.pause({ until: bench.clock.now() + HOUR })
    expect((await job.resume()).resumeAt).toBeUndefined()
    await bench.clock.advance(10 * SECOND)
    await job.pause({ reason: 'for good' })
    await bench.clock.advance(2 * HOUR)
    expect(await job.snapshot()).toMatchObject({ state: 'paused', reason: 'for good', tasks: { succeeded: 1 } })
    expect(await job.pause({ until: bench.clock.now() + HOUR }).catch(code)).toBe('illegal_transition')
    await bench.end(engine)
  })

  it('is read in the zone of the job, and may not have passed', async () => {
    const bench = new Bench({ start: '2027-03-13T14:00:00Z' })
    const engine = await bench.started()
    const job = await engine.calls.create(
      bench.campaign({ contacts: people(9), concurrency: 1, timezone: 'America/New_York' }),
    )
    const { resumeAt } = await job.pause({ until: '2027-03-14T09:00' })
    expect(new Date(resumeAt as number).toISOString()).toBe('2027-03-14T13:00:00.000Z')
    expect(await job.pause({ until: '2027-03-13T08:59' }).catch(code)).toBe('invalid_schedule')
    await bench.end(engine)
  })

  it('outlives other changes, and a job that was kept open and closed meanwhile completes', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(3), concurrency: 1, keepOpen: true }))
    await job.pause({ until: bench.clock.now() + HOUR })
    await job.update({ expires: bench.clock.now() + 9 * HOUR, attempts: 2 })
    await job.close()
    await bench.clock.advance(2 * HOUR)
    expect(await job.snapshot()).toMatchObject({ state: 'completed', tasks: { succeeded: 3 } })
    await bench.end(engine)
  })

  it('ends with the job when that is canceled or expires before', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const options = bench.campaign({ contacts: people(3), concurrency: 1 })
    const canceled = await engine.calls.create(options)
    const expired = await engine.calls.create({ ...options, expires: bench.clock.now() + 30 * MINUTE })
    for (const job of [canceled, expired]) await job.pause({ until: bench.clock.now() + HOUR })
    await canceled.cancel()
    await bench.clock.advance(2 * HOUR)
    expect((await canceled.snapshot()).state).toBe('canceled')
    expect((await expired.snapshot()).state).toBe('expired')
    await bench.end(engine)
  })
})
