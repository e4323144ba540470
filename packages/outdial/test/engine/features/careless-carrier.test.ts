import type { Attempt, CarrierEvent, Lookup, Placed } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, DAY, HOUR, MINUTE, people, SECOND } from '../support/bench.js'

/** What an adapter written without types may say. */
const nonsense = <T>(value: unknown): T => value as T

async function started(bench: Bench) {
  const engine = await bench.started()
  const failures: string[] = []
  engine.on('carrier.failed', ({ reason, message }) => failures.push(`${reason}: ${message}`))
  return { engine, failures }
}

describe('a carrier whose adapter answers nonsense', () => {
  it.each([undefined, null, 'queued', {}, { status: 'queued' }, { status: 'Rejected', reason: 'unavailable' }])(
    'is not asked to call the same person again: %j proves nothing',
    async (answer) => {
      const bench = new Bench({ capabilities: { lookup: false } })
      let asked = 0
      Object.assign(bench.carrier, {
        place: async () => {
          asked++
          return nonsense<Placed>(answer)
        },
      })
      const { engine } = await started(bench)
      const job = await engine.calls.create(bench.campaign({ contacts: people(2), attempts: 5, maxDuration: '1m' }))
      await bench.clock.advance(HOUR)
      expect(asked).toBe(2)
      expect((await job.snapshot()).reasons).toEqual({ 'failed/outcome_unknown': 2 })
      await bench.end(engine)
    },
  )

  it.each([17, 17n, {}, null])('has a call id that is none left out, and is told: %s', async (callId) => {
    const bench = new Bench()
    const { place } = bench.carrier
    Object.assign(bench.carrier, {
      place: async (attempt: Attempt) => ({ ...(await place.call(bench.carrier, attempt)), callId }),
    })
    const { engine, failures } = await started(bench)
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(MINUTE)
    const { state, calls } = await job.task(0)
    expect(state).toBe('succeeded')
    expect(calls).toMatchObject([{ callId: expect.any(String), outcome: 'answered' }])
    expect(failures).toEqual(['event: an event whose callId cannot be right'])
    await bench.end(engine)
  })

  it('is asked again in its time when it refuses with a code and a time to wait that are none', async () => {
    const bench = new Bench()
    const { place } = bench.carrier
    let refusals = 0
    Object.assign(bench.carrier, {
      place: async (attempt: Attempt) =>
        refusals++ < 2
          ? nonsense<Placed>({ status: 'rejected', reason: 'unavailable', code: 17n, retryAfter: Number.NaN })
          : place.call(bench.carrier, attempt),
    })
    const { engine } = await started(bench)
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(2 * MINUTE)
    const { state, calls } = await job.task(0)
    expect(state).toBe('succeeded')
    expect(calls.map(({ placed, raw }) => [placed, raw])).toEqual([
      [false, undefined],
      [false, undefined],
      [true, expect.anything()],
    ])
    await bench.end(engine)
  })

  it('cannot take back a call that it has told of', async () => {
    const bench = new Bench({ capabilities: { lookup: false } })
    let asked = 0
    const { place } = bench.carrier
    Object.assign(bench.carrier, {
      place: async (attempt: Attempt) => {
        asked++
        await place.call(bench.carrier, attempt)
        await new Promise<void>((resolve) => void bench.clock.setTimeout(resolve, 20 * SECOND))
        return { status: 'rejected', reason: 'unavailable' } satisfies Placed
      },
    })
    const { engine, failures } = await started(bench)
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(HOUR)
    expect(asked).toBe(1)
    expect((await job.snapshot()).reasons).toEqual({ 'succeeded/answered': 1 })
    expect(failures).toEqual(['event: says rejected of a call that it has told of'])
    await bench.end(engine)
  })

  it.each([undefined, {}, { status: 'found' }, { status: 'found', event: { type: 'gone' } }, { status: 'lost' }])(
    'is given up when it says %j of a call that it was asked about',
    async (answer) => {
      const bench = new Bench({
        capabilities: { lookup: { visibilityLag: 1000, horizon: HOUR } },
        carrier: { faults: { eventsLost: 1 } },
      })
      Object.assign(bench.carrier, { lookup: async () => nonsense<Lookup>(answer) })
      const { engine, failures } = await started(bench)
      const job = await engine.calls.create(bench.campaign({ maxDuration: '1m' }))
      await bench.clock.advance(3 * HOUR)
      expect((await job.snapshot()).reasons).toEqual({ 'failed/outcome_unknown': 1 })
      expect(failures.some((failure) => failure.startsWith('lookup'))).toBe(true)
      await bench.end(engine)
    },
  )

  it.each([
    { duration: 1e307 },
    { duration: -1 },
    { duration: 367 * DAY },
    { cost: -0.01 },
    { cost: 1e300 },
    { at: -1 },
    { at: 1e17 },
    { at: 8.64e15 },
  ])('has a number left out that cannot be right, and money is counted on: %j', async (number) => {
    const bench = new Bench({
      carrier: { faults: { eventsLost: 1 } },
      engine: { rates: { sim: { default: { perMinute: 60 } } } },
    })
    const { engine, failures } = await started(bench)
    const job = await engine.calls.create(
      bench.campaign({ contacts: people(2), concurrency: 1, budget: { total: 10_000 } }),
    )
    await bench.clock.advance(SECOND)
    const ref = (await job.task(0)).liveCall as string
    const events = [
      { ref, type: 'answered' },
      { ref, type: 'ended', outcome: 'answered', ...number },
    ]
    Object.assign(bench.carrier, { parseWebhook: async () => events })
    const heard = engine.webhook('sim', { method: 'POST', url: 'https://host.example', headers: {}, body: '' })
    await bench.clock.advance(SECOND)
    await heard
    const name = Object.keys(number)[0]
    const right = 'at' in number && number.at === 8.64e15
    expect(failures).toEqual(right ? [] : [`event: an event whose ${name} cannot be right`])
    const { state, calls } = await job.task(0)
    expect(state).toBe('succeeded')
    if (!right) expect(calls[0]).not.toMatchObject(number)
    await bench.clock.advance(2 * HOUR)
    expect((await job.snapshot()).tasks).toMatchObject({ waiting: 0 })
    await bench.end(engine)
  })

  it('has what makes no sense in its events left out, and is told', async () => {
    const bench = new Bench({ carrier: { faults: { eventsLost: 1 } } })
    const { engine, failures } = await started(bench)
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(SECOND)
    const ref = (await job.task(0)).liveCall as string
    const hear = async (event: object) => {
      Object.assign(bench.carrier, { parseWebhook: async () => [nonsense<CarrierEvent>({ ref, ...event })] })
      await engine.webhook('sim', { method: 'POST', url: 'https://host.example', headers: {}, body: '' })
    }
    await hear({ type: 'hung' })
    await hear({})
    Object.assign(bench.carrier, { parseWebhook: async () => nonsense([undefined, null, 'ended', { ref: 7 }]) })
    await engine.webhook('sim', { method: 'POST', url: 'https://host.example', headers: {}, body: '' })
    expect(failures.splice(2)).toEqual(new Array(4).fill('event: an event of no call'))
    const unstarted = bench.engine()
    const request = { method: 'POST', url: 'https://host.example', headers: {}, body: '' }
    expect(await unstarted.webhook('sim', request)).toEqual({ events: 4 })
    await unstarted.stop()
    expect((await job.task(0)).state).toBe('active')
    const circle: Record<string, unknown> = {}
    circle.self = circle
    await hear({ type: 'ended', outcome: '"', duration: Number.NaN, cost: '3', at: null, raw: { circle, code: 17 } })
    const { state, reason, calls } = await job.task(0)
    expect({ state, reason }).toEqual({ state: 'failed', reason: 'outcome_not_retried' })
    expect(calls).toMatchObject([{ outcome: 'failed', placed: true, raw: { code: 17 } }])
    expect(calls[0]).not.toHaveProperty('duration')
    expect(calls[0]).not.toHaveProperty('cost')
    await hear({ type: 'ended', outcome: 'heard of', duration: Number.POSITIVE_INFINITY })
    expect((await job.task(0)).calls).toEqual(calls)
    expect(failures).toHaveLength(4)
    await bench.clock.advance(MINUTE)
    await bench.end(engine)
  })
})
