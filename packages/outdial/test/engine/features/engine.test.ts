import { type CarrierEvent, isOutdialError, OutdialError, type WebhookRequest } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, SECOND, withMethod } from '../support/bench.js'

const code = (error: unknown) => (isOutdialError(error) ? error.code : String(error))
const REQUEST: WebhookRequest = { method: 'POST', url: 'https://host.example/webhook', headers: {}, body: '' }

describe('an engine', () => {
  it('stops when its calls have ended, and gives back what it had not begun', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(9), concurrency: 3 }))
    await bench.clock.advance(20 * SECOND)
    const stopped = engine.stop({ drain: '1m' })
    await bench.clock.advance(30 * SECOND)
    expect(await stopped).toEqual({ live: 0 })
    expect((await job.snapshot()).tasks).toMatchObject({ succeeded: 3, waiting: 6, active: 0 })
    expect(bench.clock.timers()).toEqual([])
    expect(await engine.start().catch(code)).toBe('engine_stopped')
  })

  it('stops at its deadline, says what is live, and the next one goes on with it', async () => {
    const bench = new Bench({ carrier: { talk: [10 * MINUTE, 10 * MINUTE] } })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(3) }))
    await bench.clock.advance(20 * SECOND)
    const stopped = engine.stop({ drain: '5s' })
    await bench.clock.advance(10 * SECOND)
    expect(await stopped).toEqual({ live: 3 })
    const next = await bench.started()
    await bench.clock.advance(20 * MINUTE)
    expect((await job.snapshot()).tasks.succeeded).toBe(3)
    expect(bench.carrier.ledger.calledTwice()).toEqual([])
    await bench.end(next)
  })

  it('goes on with the others when one contact cannot be decided about', async () => {
    const bench = new Bench()
    const storage = withMethod(bench.storage, 'exchange', (exchange) => async (request) => {
      const reply = await exchange(request)
      for (const { tasks } of reply.claims) for (const task of tasks) if (task.index === 2) task.payload = 'no JSON'
      return reply
    })
    const engine = bench.engine(storage)
    const failures: unknown[] = []
    engine.on('engine.failed', ({ error }) => failures.push(error))
    await engine.start()
    const job = await engine.calls.create(bench.campaign({ contacts: people(5) }))
    await bench.clock.advance(3 * MINUTE)
    expect((await job.snapshot()).tasks).toMatchObject({ succeeded: 4, waiting: 1 })
    expect(failures.length).toBeGreaterThan(1)
    expect(failures.length).toBeLessThan(5)
    await bench.end(engine)
  })

  it('refuses limits of a route that there is not', () => {
    const bench = new Bench({ engine: { limits: { routes: { simm: { cps: 1 } } } } })
    expect(() => bench.engine()).toThrow(
      expect.objectContaining({ code: 'invalid_options', details: { field: 'limits.routes.simm' } }),
    )
  })

  it('stops though its store is gone', async () => {
    const bench = new Bench()
    let down = false
    const storage = withMethod(bench.storage, 'exchange', (exchange) => async (request) => {
      if (down) throw new Error('gone')
      return exchange(request)
    })
    const engine = await bench.started(storage)
    const failures: number[] = []
    engine.on('storage.failed', ({ retryIn }) => failures.push(retryIn))
    await engine.calls.create(bench.campaign())
    await bench.clock.advance(10 * SECOND)
    down = true
    await bench.clock.advance(MINUTE)
    const stopped = engine.stop({ drain: '10s' })
    await bench.clock.advance(MINUTE)
    await stopped
    expect(failures.slice(0, 4)).toEqual([100, 200, 400, 800])
    expect(bench.clock.timers()).toEqual([])
  })

  it('starts again after its store could not be opened', async () => {
    const bench = new Bench()
    let down = true
    const storage = withMethod(bench.storage, 'open', (open) => async (host) => {
      if (down) throw new Error('gone')
      return open(host)
    })
    const engine = bench.engine(storage)
    await expect(engine.start()).rejects.toThrow('gone')
    down = false
    await engine.start()
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(MINUTE)
    expect((await job.snapshot()).state).toBe('completed')
    await bench.end(engine)
  })

  it('is not disturbed by listeners that throw or reject', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const failed: string[] = []
    engine.on('listener.failed', ({ event, error }) => failed.push(`${event} ${error}`))
    engine.on('call.fenced', () => {
      throw new Error('one')
    })
    engine.on('call.ended', async () => {
      throw new Error('two')
    })
    const heard: string[] = []
    const off = engine.on('call.fenced', ({ task }) => heard.push(task.phone))
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(MINUTE)
    expect((await job.snapshot()).state).toBe('completed')
    expect(failed).toEqual(['call.fenced Error: one', 'call.ended Error: two'])
    expect(heard).toHaveLength(1)
    off()
    off()
    await bench.end(engine)
  })

  it('tells a job’s listeners of that job alone', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const one = await engine.calls.create(bench.campaign({ start: 'draft' }))
    const other = await engine.calls.create(bench.campaign({ start: 'draft', contacts: people(3) }))
    const heard: string[] = []
    one.on('call.ended', ({ task }) => heard.push(task.jobId))
    one.on('job.ended', ({ jobId }) => heard.push(jobId))
    await one.start()
    await other.start()
    await bench.clock.advance(MINUTE)
    expect(heard).toEqual([one.id, one.id])
    await bench.end(engine)
  })

  it('sets limits at once, also in the millisecond in which it was started', async () => {
    const bench = new Bench({ capabilities: { cps: 100 }, engine: { limits: { everything: { concurrency: 9 } } } })
    const engine = await bench.started()
    await engine.setLimits({ everything: true }, { concurrency: 2 })
    await engine.calls.create(bench.campaign({ contacts: people(12) }))
    await bench.clock.advance(10 * SECOND)
    expect(bench.carrier.live).toBe(2)
    await engine.setLimits({ everything: true }, { concurrency: null })
    await bench.clock.advance(SECOND)
    expect(bench.carrier.live).toBe(12)
    await bench.end(engine)
  })
})

describe('trouble of the carrier', () => {
  it('pauses the job when nothing will work until it is repaired, and goes on after that', async () => {
    const bench = new Bench({ carrier: { faults: { refuse: { configuration: 1 } } } })
    const engine = await bench.started()
    const failed: string[] = []
    engine.on('carrier.failed', ({ reason }) => failed.push(reason))
    const job = await engine.calls.create(bench.campaign({ contacts: people(5) }))
    await bench.clock.advance(MINUTE)
    expect(await job.snapshot()).toMatchObject({
      state: 'paused',
      reason: 'carrier_configuration',
      tasks: { waiting: 5 },
    })
    expect(failed).toEqual(Array(5).fill('configuration'))
    bench.carrier.setFaults({})
    await job.resume()
    await bench.clock.advance(HOUR)
    expect((await job.snapshot()).tasks.succeeded).toBe(5)
    expect(await job.task(0)).toMatchObject({ state: 'succeeded', calls: [{ placed: false }, { placed: true }] })
    await bench.end(engine)
  })

  it('burns no attempt, whatever its kind, and gives a contact up after so many in a row', async () => {
    const bench = new Bench({ carrier: { faults: { refuse: { throttled: 1 } } } })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ infrastructureLimit: 4 }))
    await bench.clock.advance(HOUR)
    expect(await job.task(0)).toMatchObject({ state: 'failed', reason: 'infrastructure' })
    bench.carrier.setFaults({})
    bench.carrier.setOutcomes(({ attempt }) => (attempt < 4 ? 'network_error' : 'answered'))
    const other = await engine.calls.create(bench.campaign({ name: 'Other' }))
    await bench.clock.advance(HOUR)
    expect(await other.task(0)).toMatchObject({ state: 'succeeded', calls: { length: 4 } })
    await bench.end(engine)
  })

  it('does not stop the watchdog: a look-up that never answers is given up', async () => {
    const bench = new Bench({ carrier: { faults: { timeoutPlaced: 1, eventsLost: 1 } } })
    const { lookup } = bench.carrier
    Object.assign(bench.carrier, { lookup: () => new Promise(() => {}) })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(5 * MINUTE)
    Object.assign(bench.carrier, { lookup })
    await bench.clock.advance(5 * MINUTE)
    expect((await job.task(0)).state).toBe('succeeded')
    await bench.end(engine)
  })
})

describe('webhooks', () => {
  it('are answered when their events are stored, by any engine, started or not', async () => {
    const bench = new Bench({ carrier: { faults: { eventsLost: 1 } } })
    const dialing = await bench.started()
    const job = await dialing.calls.create(bench.campaign())
    await bench.clock.advance(SECOND)
    const ref = (await job.task(0)).liveCall as string
    const events: CarrierEvent[] = [{ ref, type: 'ended', outcome: 'answered', cost: 2 }]
    Object.assign(bench.carrier, { parseWebhook: async () => events })
    const taking = bench.engine()
    expect(await taking.webhook('sim', REQUEST)).toEqual({ events: 1 })
    expect(await taking.webhook('sim', REQUEST)).toEqual({ events: 1 })
    expect(await job.task(0)).toMatchObject({ state: 'succeeded', calls: [{ cost: 2 }] })
    await taking.start()
    await bench.end(taking)
    expect(await taking.webhook('sim', REQUEST).catch(code)).toBe('engine_stopped')
    const stopped = dialing.stop()
    await bench.clock.advance(SECOND)
    expect(await stopped).toEqual({ live: 0 })
  })

  it('are not answered before their events are stored, however many come at once', async () => {
    const bench = new Bench({ carrier: { faults: { eventsLost: 1 } } })
    const dialing = await bench.started()
    const job = await dialing.calls.create(bench.campaign())
    await bench.clock.advance(SECOND)
    const ref = (await job.task(0)).liveCall as string
    Object.assign(bench.carrier, { parseWebhook: async () => [{ ref, type: 'ended', outcome: 'answered' }] })
    const slow = withMethod(bench.storage, 'exchange', (exchange) => async (request) => {
      await new Promise<void>((resolve) => void bench.clock.setTimeout(resolve, SECOND))
      return exchange(request)
    })
    const taking = bench.engine(slow)
    const failed: unknown[] = []
    taking.on('storage.failed', ({ error }) => failed.push(error))
    const stored: string[] = []
    const answers = [1, 2].map(() =>
      taking.webhook('sim', REQUEST).then(async () => stored.push((await job.task(0)).state)),
    )
    await bench.clock.advance(100)
    expect(stored).toEqual([])
    await taking.start()
    await bench.clock.advance(10 * SECOND)
    await Promise.all(answers)
    expect(stored).toEqual(['succeeded', 'succeeded'])
    expect(failed).toEqual([])
    await bench.end(taking)
    await bench.end(dialing)
  })

  it('are refused, like reports, when the engine stops before they are stored', async () => {
    const bench = new Bench({ carrier: { faults: { eventsLost: 1 } } })
    const dialing = await bench.started()
    const job = await dialing.calls.create(bench.campaign())
    await bench.clock.advance(SECOND)
    const ref = (await job.task(0)).liveCall as string
    Object.assign(bench.carrier, { parseWebhook: async () => [{ ref, type: 'ended', outcome: 'answered' }] })
    const silent = withMethod(bench.storage, 'exchange', () => () => new Promise(() => {}))
    for (const say of ['webhook', 'report'] as const) {
      const taking = bench.engine(silent)
      const said =
        say === 'webhook' ? taking.webhook('sim', REQUEST) : taking.calls.report(ref, { disposition: 'late' })
      const answer = said.catch(code)
      await bench.clock.advance(SECOND)
      void taking.stop()
      await bench.clock.advance(MINUTE)
      expect(await answer).toBe('engine_stopped')
    }
    await bench.end(dialing)
  })

  it('and reports are taken from an engine that stops while its calls end, which waits for no call of another', async () => {
    const bench = new Bench({ carrier: { faults: { eventsLost: 1 } } })
    const [other, engine] = [await bench.started(), bench.engine()]
    const theirs = await other.calls.create(bench.campaign())
    await bench.clock.advance(SECOND)
    await other.abandon()
    await engine.start()
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(SECOND)
    const [ref, foreign] = (await Promise.all([job.task(0), theirs.task(0)])).map(({ liveCall }) => liveCall as string)
    let event: Partial<CarrierEvent> = { ref: foreign as string, type: 'answered' }
    Object.assign(bench.carrier, { parseWebhook: async () => [event] })
    const stopped = engine.stop({ drain: '1h' })
    await bench.clock.advance(SECOND)
    expect(await engine.start().catch(code)).toBe('engine_stopped')
    expect(await engine.webhook('sim', REQUEST)).toEqual({ events: 1 })
    expect(await engine.calls.report(ref as string, { disposition: 'interested' })).toEqual({ recorded: true })
    for (const type of ['answered', 'ended'] as const) {
      event = { ref: ref as string, type, outcome: 'answered' }
      expect(await engine.webhook('sim', REQUEST)).toEqual({ events: 1 })
    }
    await bench.clock.advance(SECOND)
    expect(await stopped).toEqual({ live: 0 })
    expect(await job.task(0)).toMatchObject({ state: 'succeeded', calls: [{ outcome: 'answered' }] })
    expect(await bench.storage.load([foreign as string])).toMatchObject([{ state: 'answered' }])
    expect(await engine.webhook('sim', REQUEST).catch(code)).toBe('engine_stopped')
  })

  it('and reports dial nobody through an engine that was not started, and everybody once it is', async () => {
    const bench = new Bench()
    const first = await bench.started()
    const ended = await first.calls.create(bench.campaign())
    await bench.clock.advance(MINUTE)
    const ref = (await ended.task(0)).calls[0]?.ref as string
    await bench.end(first)
    Object.assign(bench.carrier, { parseWebhook: async () => [{ ref, type: 'ended', outcome: 'answered' }] })
    const taking = bench.engine()
    const job = await taking.calls.create(bench.campaign({ name: 'Waiting', contacts: people(10) }))
    const placed = bench.entries('placed').length
    const taken = taking.webhook('sim', REQUEST)
    await bench.clock.advance(SECOND)
    expect(await taken).toEqual({ events: 1 })
    const reported = taking.calls.report(ref, { disposition: 'wrong_person' })
    await bench.clock.advance(SECOND)
    await reported
    await bench.clock.advance(HOUR)
    expect(bench.entries('placed')).toHaveLength(placed)
    expect((await job.snapshot()).calls).toEqual({ begun: 0, placed: 0, live: 0 })
    await taking.start()
    await bench.clock.advance(HOUR)
    expect((await job.snapshot()).state).toBe('completed')
    await bench.end(taking)
  })

  it('are refused when forged, and where there are none', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    expect(await engine.webhook('sim', REQUEST).catch(code)).toBe('not_supported')
    expect(await engine.webhook('other', REQUEST).catch(code)).toBe('unknown_carrier')
    const parseWebhook = async () => {
      throw new OutdialError('webhook_forged', 'The signature does not hold.')
    }
    Object.assign(bench.carrier, { parseWebhook })
    expect(await engine.webhook('sim', REQUEST).catch(code)).toBe('webhook_forged')
    await bench.end(engine)
  })

  it('do not wait for other work that never ends', async () => {
    const bench = new Bench({ carrier: { talk: [100, 900], ring: [100, 900], setup: [100, 900] } })
    const slow = withMethod(bench.storage, 'exchange', (exchange) => async (request) => {
      const reply = await exchange(request)
      await new Promise<void>((resolve) => void bench.clock.setTimeout(resolve, 50))
      return reply
    })
    const engine = await bench.started(slow)
    await engine.calls.create(bench.campaign({ contacts: people(90), concurrency: 30 }))
    await bench.clock.advance(2 * SECOND)
    Object.assign(bench.carrier, { parseWebhook: async () => [{ ref: 'nothing', type: 'ended' }] })
    let answered = false
    const taken = engine.webhook('sim', REQUEST).then(() => (answered = true))
    await bench.clock.advance(200)
    expect(answered).toBe(true)
    await taken
    await bench.end(engine)
  })
})
