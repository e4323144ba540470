import { type CallbackRefusal, type Disposition, type Engine, isOutdialError, type Reported } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, phone, SECOND } from '../support/bench.js'

const code = (error: unknown) => (isOutdialError(error) ? error.code : error)
const field = (error: unknown) => (isOutdialError(error) ? `${error.code} ${error.details.field}` : error)
/** Everybody is talked to from 6 s on, and has hung up after 36 s. */
const TALKING = 10 * SECOND

/** A campaign of one contact, with the engine that works it off and the call that is live after ten seconds. */
async function calling(options: Parameters<Bench['campaign']>[0] = {}, bench = new Bench()) {
  const engine = await bench.started()
  const job = await engine.calls.create(bench.campaign({ attempts: 3, ...options }))
  await bench.clock.advance(TALKING)
  const ref = (await job.task(0)).liveCall as string
  return { bench, engine, job, ref }
}

function refused(reason: CallbackRefusal): Reported['callback'] {
  return { status: 'refused', reason, message: expect.any(String) }
}

describe('an opt-out', () => {
  it('is on the list before the report resolves, and counts for retries and other campaigns', async () => {
    const busy = { outcomes: { no_answer: 1 } } as const
    const { bench, engine, job, ref } = await calling({ retry: { no_answer: ['5m'] } }, new Bench({ carrier: busy }))
    const other = await engine.calls.create(bench.campaign({ name: 'Other', start: 'draft', contacts: people(2) }))
    const said: Disposition = { optOut: { reason: 'never again' } }
    expect(await engine.calls.report(ref, said)).toEqual({ recorded: true, suppressed: ['organization'] })
    await other.start()
    await bench.clock.advance(HOUR)
    expect(await job.task(0)).toMatchObject({ state: 'skipped', reason: 'suppressed' })
    expect(await other.task(0)).toMatchObject({ state: 'skipped', reason: 'suppressed', calls: [] })
    expect((await other.task(1)).calls).not.toHaveLength(0)
    expect(bench.entries('placed').filter(({ to }) => to === phone(0))).toHaveLength(1)
    // Said again, after everything has ended, it is the same.
    expect(await engine.calls.report(ref, said)).toEqual({ recorded: false, suppressed: ['organization'] })
    await bench.end(engine)
  })

  it.each([
    [true, ['organization'], [{ organization: 'default' }]],
    [{ list: 'job' }, ['job'], []],
    [{ list: 'global' }, ['global'], [{ everything: true }]],
    [false, undefined, []],
  ] as const)('%j goes where it is said to', async (optOut, suppressed, scopes) => {
    const { bench, engine, job, ref } = await calling()
    expect(await engine.calls.report(ref, { optOut })).toEqual({ recorded: true, ...(suppressed && { suppressed }) })
    for (const scope of [{ organization: 'default' }, { everything: true }] as const) {
      const listed = scopes.some((one) => JSON.stringify(one) === JSON.stringify(scope))
      expect((await engine.suppression.remove([], scope)).size).toBe(listed ? 1 : 0)
    }
    expect((await engine.suppression.remove([], { job: job.id })).size).toBe(suppressed?.[0] === 'job' ? 1 : 0)
    await bench.end(engine)
  })

  it('of a contact whose data were removed says that it cannot', async () => {
    const { bench, engine, job, ref } = await calling()
    await bench.clock.advance(MINUTE)
    await job.redactTask(0)
    expect(await engine.calls.report(ref, { optOut: true }).catch(code)).toBe('call_not_found')
    expect(await engine.calls.report(ref, { disposition: 'late' })).toEqual({ recorded: true })
    await bench.end(engine)
  })
})

describe('a wrong number', () => {
  it('is not called again by its campaign', async () => {
    const bench = new Bench({ carrier: { outcomes: { no_answer: 1 } } })
    const { engine, job, ref } = await calling({ retry: { no_answer: ['5m'] } }, bench)
    const told = await engine.calls.report(ref, { wrongNumber: true, callback: '2030-01-01' })
    expect(told).toEqual({ recorded: true, suppressed: ['job'], callback: refused('wrong_number') })
    await bench.clock.advance(HOUR)
    expect(await job.task(0)).toMatchObject({ state: 'skipped', reason: 'suppressed' })
    expect((await engine.suppression.remove([], { organization: 'default' })).size).toBe(0)
    await bench.end(engine)
  })
})

describe('a callback', () => {
  const inTwoHours = (bench: Bench) => bench.clock.start + 2 * HOUR

  it('reported during the call counts, whatever comes of the call', async () => {
    const { bench, engine, job, ref } = await calling()
    const at = inTwoHours(bench)
    const deferred: unknown[] = []
    const ended: unknown[] = []
    engine.on('task.deferred', ({ until, reasons }) => deferred.push([until, reasons]))
    engine.on('task.ended', ({ state }) => ended.push(state))
    expect(await engine.calls.report(ref, { callback: at })).toEqual({
      recorded: true,
      callback: { status: 'scheduled', at },
    })
    expect(await engine.calls.report(ref, { callback: at })).toEqual({
      recorded: false,
      callback: { status: 'scheduled', at },
    })
    await bench.clock.advance(MINUTE)
    // Answered is success, but for who asks to be called again.
    expect(await job.task(0)).toMatchObject({ state: 'waiting', waitUntil: at, calls: [{ outcome: 'answered' }] })
    expect(deferred).toEqual([[at, ['callback']]])
    expect(ended).toEqual([])
    await bench.clock.advance(3 * HOUR)
    expect(bench.placedAt).toHaveLength(2)
    expect(bench.placedAt[1]).toBeGreaterThanOrEqual(2 * HOUR)
    expect(bench.placedAt[1]).toBeLessThan(2 * HOUR + 2 * SECOND)
    expect(await job.task(0)).toMatchObject({ state: 'succeeded', reason: 'answered' })
    expect(ended).toEqual(['succeeded'])
    await bench.end(engine)
  })

  it('reported after the call moves the next, and comes too late for who has ended', async () => {
    const bench = new Bench({ carrier: { outcomes: { no_answer: 1 } } })
    const { engine, job, ref } = await calling({ retry: { no_answer: { delays: ['5m'] } } }, bench)
    await bench.clock.advance(MINUTE)
    const at = inTwoHours(bench)
    const told = await engine.calls.report(ref, { callback: at })
    expect(told).toEqual({ recorded: true, callback: { status: 'scheduled', at } })
    expect(await job.task(0)).toMatchObject({ state: 'waiting', waitUntil: at })
    await bench.clock.advance(HOUR)
    expect(bench.placedAt).toHaveLength(1)
    await bench.clock.advance(HOUR + 2 * MINUTE)
    expect(bench.placedAt).toHaveLength(2)
    // Of the first call nobody may decide any more: there has been another.
    const late = { callback: at + HOUR }
    expect((await engine.calls.report(ref, late)).callback).toEqual(refused('called_since'))
    await bench.clock.advance(10 * HOUR)
    const { calls, state } = await job.task(0)
    expect(state).toBe('failed')
    const last = calls.at(-1)?.ref as string
    expect((await engine.calls.report(last, { ...late, id: 'last' })).callback).toEqual(refused('ended'))
    // It is kept, with what came of it.
    const notes = []
    for await (const entry of job.log()) if (entry.type === 'note') notes.push(JSON.parse(entry.data))
    expect(notes.at(-1)).toEqual({ callback: at + HOUR, callbackRefused: 'ended' })
    await bench.end(engine)
  })

  it('reported again moves nothing back, whatever has moved it since', async () => {
    const bench = new Bench({ carrier: { outcomes: { no_answer: 1 } } })
    const { engine, job, ref } = await calling({ retry: { no_answer: { delays: ['5m'] } } }, bench)
    await bench.clock.advance(MINUTE)
    const at = inTwoHours(bench)
    const deferred: number[] = []
    engine.on('task.deferred', ({ until }) => deferred.push(until))
    expect((await engine.calls.report(ref, { callback: at })).recorded).toBe(true)
    expect((await engine.calls.report(ref, { callback: at + HOUR })).recorded).toBe(true)
    const known = { recorded: false, callback: { status: 'scheduled', at: at + HOUR } }
    expect(await engine.calls.report(ref, { callback: at })).toEqual(known)
    // Nor by a name that was given it, though it says another time now.
    const named = { id: 'row 7', callback: at + HOUR }
    expect((await engine.calls.report(ref, named)).recorded).toBe(true)
    expect(await engine.calls.report(ref, { ...named, callback: at })).toEqual(known)
    expect(await job.task(0)).toMatchObject({ state: 'waiting', waitUntil: at + HOUR })
    expect(deferred).toEqual([at, at + HOUR, at + HOUR])
    await bench.end(engine)
  })

  it('refused for what has changed since counts when it is reported again', async () => {
    const bench = new Bench({ carrier: { outcomes: { no_answer: 1 } } })
    const expires = bench.clock.start + HOUR
    const { engine, job, ref } = await calling({ retry: { no_answer: { delays: ['5m'] } }, expires }, bench)
    await bench.clock.advance(MINUTE)
    const at = inTwoHours(bench)
    expect(await engine.calls.report(ref, { callback: at })).toEqual({ recorded: true, callback: refused('expires') })
    expect(await engine.calls.report(ref, { callback: at })).toEqual({ recorded: false, callback: refused('expires') })
    await job.update({ expires: expires + 9 * HOUR })
    const scheduled = { status: 'scheduled', at }
    expect(await engine.calls.report(ref, { callback: at })).toEqual({ recorded: true, callback: scheduled })
    expect(await job.task(0)).toMatchObject({ state: 'waiting', waitUntil: at })
    expect(await engine.calls.report(ref, { callback: at })).toEqual({ recorded: false, callback: scheduled })
    await bench.end(engine)
  })

  it('is under the policy: hours, attempts, expiry', async () => {
    const window = 'mon-sun 09:00-17:00'
    const bench = new Bench({ start: '2026-03-02T10:00:00Z' })
    const expires = '2026-03-05T00:00:00Z'
    const { engine, job, ref } = await calling({ window, timezone: 'UTC', attempts: 2, expires }, bench)
    const say = (callback: string, of = ref) => engine.calls.report(of, { callback }).then((told) => told.callback)
    expect(await say('2026-03-05T09:00')).toEqual(refused('expires'))
    // In the called person's time, and in the middle of the night: there it waits for the morning.
    expect(await say('2026-03-02T20:00')).toEqual({ status: 'scheduled', at: Date.parse('2026-03-02T20:00:00Z') })
    await bench.clock.advanceTo(Date.parse('2026-03-03T09:00:10Z'))
    expect(bench.entries('placed').map(({ at }) => new Date(at).toISOString().slice(0, 16))).toEqual([
      '2026-03-02T10:00',
      '2026-03-03T09:00',
    ])
    expect(await say('2026-03-03T12:00', (await job.task(0)).liveCall)).toEqual(refused('attempts_exhausted'))
    await bench.clock.advance(MINUTE)
    expect(await job.task(0)).toMatchObject({ state: 'succeeded' })
    await bench.end(engine)
  })

  it('gives way to an opt-out, and to whoever ends the job', async () => {
    const { bench, engine, job, ref } = await calling()
    const callback = inTwoHours(bench)
    expect((await engine.calls.report(ref, { optOut: true, callback })).callback).toEqual(refused('opted_out'))
    expect((await engine.calls.report(ref, { callback })).callback?.status).toBe('scheduled')
    await job.cancel()
    expect((await engine.calls.report(ref, { callback, id: 'again' })).callback).toEqual(refused('job_ended'))
    await bench.clock.advance(MINUTE)
    expect(await job.task(0)).toMatchObject({ state: 'canceled' })
    await bench.end(engine)
  })

  it.each(['unwanted', 'invalid_number'] as const)('calls nobody again whose call ends as %s', async (outcome) => {
    const bench = new Bench({ carrier: { outcomes: { [outcome]: 1 }, setup: [MINUTE, MINUTE] } })
    const { engine, job, ref } = await calling({ attempts: 3 }, bench)
    await engine.calls.report(ref, { callback: inTwoHours(bench) })
    await bench.clock.advance(3 * HOUR)
    expect(await job.task(0)).toMatchObject({ state: 'failed', reason: outcome })
    expect(bench.placedAt).toHaveLength(1)
    await bench.end(engine)
  })

  it('survives the worker that the call was begun by, and counts when the end never comes', async () => {
    const bench = new Bench({ carrier: { faults: { eventsLost: { ended: 1 } } }, capabilities: { lookup: false } })
    const { engine, job, ref } = await calling({ maxDuration: '5m' }, bench)
    const at = inTwoHours(bench)
    await engine.calls.report(ref, { callback: at })
    await engine.abandon()
    const next = await bench.started()
    await bench.clock.advance(HOUR)
    expect(await job.task(0)).toMatchObject({ state: 'waiting', waitUntil: at, outcome: 'outcome_unknown' })
    await bench.clock.advance(2 * HOUR)
    expect(bench.placedAt).toHaveLength(2)
    await bench.end(next)
  })

  it('the last that was said counts', async () => {
    const { bench, engine, job, ref } = await calling()
    const at = inTwoHours(bench)
    await engine.calls.report(ref, { callback: at })
    await engine.calls.report(ref, { callback: at + HOUR })
    // Behind the first one's repetition too: it was known.
    expect(await engine.calls.report(ref, { callback: at })).toEqual({
      recorded: false,
      callback: { status: 'scheduled', at: at + HOUR },
    })
    await bench.clock.advance(MINUTE)
    expect(await job.task(0)).toMatchObject({ waitUntil: at + HOUR })
    await bench.end(engine)
  })
})

it.each<[unknown, string]>([
  [{ callback: 'tomorrow' }, 'invalid_schedule callback'],
  [{ callback: 'tomorrow', optOut: true }, 'invalid_schedule callback'],
  [{ optOut: { list: 'theirs' } }, 'invalid_options optOut.list'],
  [{ optOut: 'yes' }, 'invalid_options optOut'],
  [{ wrongnumber: true }, 'invalid_options wrongnumber'],
  [{ data: { at: () => 1 } }, 'invalid_options data.at'],
])('%j is refused by name, and nothing has happened', async (learned, expected) => {
  const { bench, engine, job, ref } = await calling()
  const before = await job.snapshot()
  expect(await (engine as Engine).calls.report(ref, learned as Disposition).catch(field)).toBe(expected)
  expect(await job.snapshot()).toEqual(before)
  expect((await engine.suppression.remove([], { organization: 'default' })).size).toBe(0)
  await bench.end(engine)
})
