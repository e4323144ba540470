import { isOutdialError } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, phone, SECOND } from '../support/bench.js'

const code = (error: unknown) => (isOutdialError(error) ? error.code : String(error))

describe('starting', () => {
  it('leaves a draft alone until it is started', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const { start: _, ...options } = bench.campaign()
    const job = await engine.calls.create(options)
    await bench.clock.advance(HOUR)
    expect(await job.snapshot()).toMatchObject({ state: 'draft', calls: { begun: 0 } })
    await job.start()
    await bench.clock.advance(MINUTE)
    expect((await job.snapshot()).state).toBe('completed')
    expect(await job.start().catch(code)).toBe('illegal_transition')
    await bench.end(engine)
  })

  it.each([
    ['an instant', '2027-03-13T15:00:00Z', '2027-03-13T15:00:00.000Z'],
    ['the job’s clocks', '2027-03-14T09:00', '2027-03-14T13:00:00.000Z'],
    ['a time that clocks skip', '2027-03-14T02:30', '2027-03-14T07:30:00.000Z'],
    ['a time that has passed', '2020-01-01T00:00', '2027-03-13T14:00:00.000Z'],
  ])('begins at %s', async (_, start, expected) => {
    const bench = new Bench({ start: '2027-03-13T14:00:00Z' })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ start, timezone: 'America/New_York' }))
    await bench.clock.advanceTo(Date.parse(expected) + MINUTE)
    expect(bench.entries('placed').map(({ at }) => new Date(at).toISOString())).toEqual([expected])
    expect((await job.snapshot()).late).toBeUndefined()
    await bench.end(engine)
  })

  it('begins at another time when rescheduled, and at once, marked late, when nobody was there', async () => {
    const bench = new Bench()
    const job = await bench.engine().calls.create(bench.campaign({ start: bench.clock.now() + HOUR }))
    await job.schedule(bench.clock.now() + 2 * HOUR)
    await bench.clock.advance(5 * HOUR)
    const engine = await bench.started()
    await bench.clock.advance(SECOND)
    expect(bench.placedAt).toEqual([5 * HOUR])
    expect((await job.snapshot()).late).toBe(true)
    await bench.end(engine)
  })

  it('waits for approval, and then for its time', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ review: true, start: bench.clock.now() + HOUR }))
    await bench.clock.advance(30 * MINUTE)
    expect((await job.snapshot()).state).toBe('pending_review')
    expect((await job.approve()).state).toBe('scheduled')
    await bench.clock.advance(HOUR)
    expect(bench.placedAt).toEqual([HOUR])
    await bench.end(engine)
  })

  it('ends what is waiting when the job expires', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const ended: string[] = []
    engine.on('job.ended', ({ state }) => ended.push(state))
    const expires = bench.clock.now() + 50 * SECOND
    const job = await engine.calls.create(bench.campaign({ contacts: people(4), concurrency: 1, expires }))
    await bench.clock.advance(5 * MINUTE)
    expect(await job.snapshot()).toMatchObject({ state: 'expired', tasks: { succeeded: 2, expired: 2, open: 0 } })
    expect(ended).toEqual(['expired'])
    await bench.end(engine)
  })
})

describe('a running campaign', () => {
  it('pauses and resumes; live calls go on', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(6), concurrency: 2 }))
    await bench.clock.advance(10 * SECOND)
    expect(await job.pause({ reason: 'lunch' })).toMatchObject({ state: 'paused', reason: 'lunch' })
    await bench.clock.advance(10 * MINUTE)
    expect(await job.snapshot()).toMatchObject({ state: 'paused', tasks: { succeeded: 2, waiting: 4 } })
    await job.resume()
    expect(await job.resume().catch(code)).toBe('illegal_transition')
    await bench.clock.advance(10 * MINUTE)
    expect((await job.snapshot()).state).toBe('completed')
    await bench.end(engine)
  })

  it('changes only as it was read when a revision is given', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ start: 'draft' }))
    const { revision } = await job.snapshot()
    await job.update({ attempts: 2 }, { ifRevision: revision })
    expect(await job.update({ attempts: 3 }, { ifRevision: revision }).catch(code)).toBe('revision_conflict')
    expect(await job.update({ attempts: 0 }).catch(code)).toBe('invalid_options')
    expect((await job.snapshot()).spec).toMatchObject({ attempts: 2 })
    await bench.end(engine)
  })

  it('is canceled: what waits ends, live calls end by themselves or are hung up', async () => {
    for (const hangUp of [false, true]) {
      const bench = new Bench()
      const engine = await bench.started()
      const job = await engine.calls.create(bench.campaign({ contacts: people(6), concurrency: 2 }))
      await bench.clock.advance(10 * SECOND)
      expect((await job.cancel({ hangUp })).state).toBe('canceling')
      await bench.clock.advance(SECOND)
      expect(bench.carrier.live).toBe(hangUp ? 0 : 2)
      await bench.clock.advance(MINUTE)
      expect(await job.snapshot()).toMatchObject({ state: 'canceled', tasks: { canceled: 4, succeeded: 2 } })
      expect((await job.close()).state).toBe('canceled')
      await bench.end(engine)
    }
  })

  it('is not canceled when its calls were to be hung up and cannot be', async () => {
    const bench = new Bench({ capabilities: { hangup: false } })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(SECOND)
    expect(await job.cancel({ hangUp: true }).catch(code)).toBe('not_supported')
    expect((await job.snapshot()).state).toBe('running')
    await bench.end(engine)
  })

  it('drains to a lower concurrency, and makes use of a higher one at once', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(20), concurrency: 6 }))
    await bench.clock.advance(10 * SECOND)
    expect(bench.carrier.live).toBe(6)
    await job.update({ concurrency: 2 })
    await bench.clock.advance(10 * SECOND)
    expect(bench.carrier.live).toBe(6)
    await bench.clock.advance(30 * SECOND)
    expect(bench.carrier.live).toBe(2)
    await job.update({ concurrency: 9 })
    await bench.clock.advance(SECOND)
    expect(bench.carrier.live).toBe(9)
    await bench.end(engine)
  })

  it('takes another pace, other retries and another window for what begins from then on', async () => {
    const bench = new Bench({ carrier: { outcomes: { busy: 1 } } })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(10), cps: 0.1, attempts: 1 }))
    await bench.clock.advance(25 * SECOND)
    expect(bench.placedAt).toHaveLength(3)
    await job.update({ cps: 1, attempts: 2, retry: { busy: ['1h'] }, window: '15:00-16:00' })
    await bench.clock.advanceTo('2027-01-04T14:59:59Z')
    expect(bench.placedAt).toHaveLength(3)
    await bench.clock.advance(30 * MINUTE)
    expect(bench.placedAt).toHaveLength(10)
    await job.update({ window: null })
    await bench.clock.advance(2 * HOUR)
    expect(await job.snapshot()).toMatchObject({ state: 'completed', calls: { placed: 17 } })
    await bench.end(engine)
  })

  it('reads a new window in its own zone', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(
      bench.campaign({ window: '09:00-10:00', timezone: 'America/New_York', start: 'draft' }),
    )
    await job.update({ window: { hours: '09:00-10:00', timezone: 'Europe/Berlin' } })
    await bench.clock.advance(HOUR)
    await job.start()
    await bench.clock.advance(24 * HOUR)
    expect(bench.entries('placed').map(({ at }) => new Date(at).toISOString())).toEqual(['2027-01-05T08:00:00.000Z'])
    await bench.end(engine)
  })

  it('keeps calling within its window when the opening times that the store was given are over', async () => {
    const bench = new Bench({ carrier: { outcomes: { busy: 1 } } })
    const engine = await bench.started()
    await engine.calls.create(bench.campaign({ window: '09:00-20:00', attempts: 2, retry: { busy: ['9d'] } }))
    await bench.clock.advance(9 * 24 * HOUR + HOUR)
    expect(bench.placedAt.map((at) => Math.round(at / (24 * HOUR)))).toEqual([0, 9])
    await bench.end(engine)
  })
})

describe('a change of a campaign', () => {
  it('keeps to what the carrier allows, like its creation', async () => {
    const bench = new Bench({ capabilities: { maxDuration: 10 * MINUTE } })
    const engine = await bench.started()
    const refused = { code: 'invalid_options', details: { field: 'maxDuration' } }
    await expect(engine.calls.create(bench.campaign({ maxDuration: '1h' }))).rejects.toMatchObject(refused)
    const job = await engine.calls.create(bench.campaign({ maxDuration: '5m', start: 'draft' }))
    await expect(job.update({ maxDuration: '1h' })).rejects.toMatchObject(refused)
    expect((await job.snapshot()).spec).toMatchObject({ maxDuration: 5 * MINUTE })
    expect((await job.update({ maxDuration: '10m' })).spec).toMatchObject({ maxDuration: 10 * MINUTE })
    await bench.end(engine)
  })
})

describe('one contact', () => {
  it.each([0.5, -1, 1.5, 3, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, null, undefined])(
    'is none between two others, before the first or after the last, and nothing is counted: %s',
    async (which) => {
      const bench = new Bench()
      const engine = await bench.started()
      const job = await engine.calls.create(bench.campaign({ contacts: people(3), start: 'draft' }))
      for (const ask of ['task', 'explain', 'cancelTask', 'skipTask', 'redactTask'] as const) {
        expect(await job[ask](which as number).catch(code)).toBe('task_not_found')
      }
      const change = { task: { index: which as number, next: { terminal: 'canceled', reason: 'x' } } } as const
      if (typeof which === 'number')
        expect(await bench.storage.control(job.id, change).catch(code)).toBe('task_not_found')
      await job.start()
      await bench.clock.advance(5 * MINUTE)
      expect(await job.snapshot()).toMatchObject({ state: 'completed', tasks: { total: 3, succeeded: 3, canceled: 0 } })
      await bench.end(engine)
    },
  )

  it('is canceled or skipped while it waits, not while it is called', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(4), concurrency: 1 }))
    await bench.clock.advance(SECOND)
    expect(await job.cancelTask(0).catch(code)).toBe('task_busy')
    expect(await job.cancelTask(phone(1))).toMatchObject({ state: 'canceled', reason: 'canceled' })
    expect(await job.skipTask(2, 'has called us')).toMatchObject({ state: 'skipped', reason: 'has called us' })
    expect(await job.skipTask(2).catch(code)).toBe('task_ended')
    expect(await job.skipTask('+12025550199').catch(code)).toBe('task_not_found')
    await bench.clock.advance(5 * MINUTE)
    expect(await job.snapshot()).toMatchObject({ state: 'completed', tasks: { succeeded: 2, canceled: 1, skipped: 1 } })
    await bench.end(engine)
  })

  it('is forgotten on request once it has ended', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(2), concurrency: 1 }))
    await bench.clock.advance(SECOND)
    expect(await job.redactTask(0).catch(code)).toBe('task_not_ended')
    await bench.clock.advance(5 * MINUTE)
    await job.redactTask(0)
    expect(await job.task(0)).toMatchObject({ redacted: true, phone: '', calls: [] })
    const log: unknown[] = []
    for await (const entry of job.log()) log.push(entry)
    const about = log.filter((entry) => (entry as { index?: number }).index === 0)
    expect(JSON.stringify(about)).not.toContain(phone(0).slice(1))
    expect((await job.snapshot()).tasks.succeeded).toBe(2)
    await bench.end(engine)
  })
})

describe('canceling with metadata', () => {
  it('is one step: what is refused changes neither', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ metadata: { a: 1 }, start: 'draft' }))
    const { revision } = await job.snapshot()
    const late = job.cancel({ ifRevision: revision + 1, metadata: { b: 2 } })
    expect(await late.catch(code)).toBe('revision_conflict')
    expect(await job.snapshot()).toMatchObject({ state: 'draft', metadata: { a: 1 } })
    const canceled = await job.cancel({ ifRevision: revision, metadata: { b: 2 } })
    expect(canceled).toMatchObject({ state: 'canceled', metadata: { b: 2 } })
    await bench.end(engine)
  })
})
