import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, SECOND } from '../support/bench.js'

describe('race 3: an event that comes before the answer to the call', () => {
  it('is not overwritten by the answer', async () => {
    const bench = new Bench({
      carrier: { replyDelay: [20 * SECOND, 20 * SECOND], outcomes: { busy: 1 }, faults: { eventsEarly: 1 } },
    })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(SECOND)
    expect(await job.task(0)).toMatchObject({ state: 'failed', outcome: 'busy', calls: [{ state: 'ended' }] })
    await bench.clock.advance(MINUTE)
    expect(await job.task(0)).toMatchObject({ state: 'failed', outcome: 'busy', calls: [{ state: 'ended' }] })
    await bench.end(engine)
  })

  it('is not taken back by an answer that another worker gets', async () => {
    const bench = new Bench({ carrier: { replyDelay: [4 * SECOND, 4 * SECOND], faults: { eventsLost: 1 } } })
    const [dialing, hearing] = [await bench.started(), await bench.started()]
    const job = await dialing.calls.create(bench.campaign())
    await bench.clock.advance(2 * SECOND)
    const ref = bench.entries('placed')[0]?.ref ?? ''
    Object.assign(bench.carrier, { parseWebhook: async () => [{ ref, type: 'answered' }] })
    const request = { method: 'POST', url: 'https://host.example/webhook', headers: {}, body: '' }
    expect(await hearing.webhook('sim', request)).toEqual({ events: 1 })
    await bench.clock.advance(10 * SECOND)
    const states: string[] = []
    for await (const entry of job.log()) if (entry.type === 'progress') states.push(entry.state)
    expect(states).toEqual(['answered'])
    await bench.end(dialing)
    await bench.end(hearing)
  })

  it('counts though the answer is lost', async () => {
    const bench = new Bench({ carrier: { faults: { timeoutPlaced: 1 } } })
    const engine = await bench.started()
    const unknown: string[] = []
    engine.on('call.unknown', ({ call }) => unknown.push(call.ref))
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(MINUTE)
    expect(unknown).toHaveLength(1)
    expect(await job.task(0)).toMatchObject({ state: 'succeeded', outcome: 'answered' })
    expect(bench.entries('placed')).toHaveLength(1)
    await bench.end(engine)
  })
})

describe('race 4: events twice, out of order, after the end', () => {
  it('never move a call backwards, and change nothing the second time', async () => {
    const faults = { eventsDoubled: 1, eventsReordered: 0.7, eventsLate: { by: [0, 50_000] as const } }
    const bench = new Bench({ carrier: { faults, outcomes: { answered: 1, busy: 1, no_answer: 1 } } })
    const engine = await bench.started()
    const ended: string[] = []
    engine.on('call.ended', ({ call }) => ended.push(call.ref))
    const job = await engine.calls.create(bench.campaign({ contacts: people(30), attempts: 2 }))
    await bench.clock.advance(HOUR)
    const { byOutcome, calls, tasks } = await job.snapshot()
    expect(tasks.open).toBe(0)
    expect(new Set(ended).size).toBe(ended.length)
    expect(Object.values(byOutcome).reduce((a, b) => a + b, 0)).toBe(calls.placed)
    for await (const { type } of job.log()) expect(type).not.toBe('trimmed')
    for await (const task of job.tasks()) {
      const ends = bench.entries('ended').filter(({ to }) => to === task.phone)
      expect(task.calls.map(({ outcome }) => outcome)).toEqual(ends.map(({ detail }) => detail))
    }
    await bench.end(engine)
  })

  it('correct the record of a call when they come after its end, never the task', async () => {
    const bench = new Bench({ capabilities: { lookup: false }, carrier: { faults: { eventsLost: 1 } } })
    const engine = await bench.started()
    const corrected: unknown[] = []
    engine.on('call.corrected', (event) => corrected.push(event))
    const job = await engine.calls.create(bench.campaign({ maxDuration: '1m' }))
    await bench.clock.advance(10 * MINUTE)
    const { calls } = await job.task(0)
    expect(await job.task(0)).toMatchObject({ state: 'failed', reason: 'outcome_unknown' })

    const { ref } = calls[0] as (typeof calls)[0]
    const end = { ref, type: 'ended', outcome: 'answered', duration: 30_000, cost: 4 } as const
    const off = bench.carrier.connect({ clock: bench.clock, emit: () => {} })
    off()
    await tell(engine, end)
    await tell(engine, end)
    expect(await job.task(0)).toMatchObject({
      state: 'failed',
      reason: 'outcome_unknown',
      calls: [{ outcome: 'answered', cost: 4 }],
    })
    expect(corrected).toEqual([{ ref, jobId: job.id, index: 0, outcome: 'answered', duration: 30_000, cost: 4 }])
    await bench.end(engine)

    // The carrier's own webhook, as another route of the same engine would take it.
    async function tell(to: typeof engine, event: typeof end): Promise<void> {
      Object.assign(bench.carrier, { parseWebhook: async () => [event] })
      const taken = to.webhook('sim', { method: 'POST', url: 'https://host.example/webhook', headers: {}, body: '' })
      await bench.clock.advance(0)
      expect(await taken).toEqual({ events: 1 })
    }
  })

  it('of another call end nobody: a wrong nonce, a job that there is not', async () => {
    const bench = new Bench({ carrier: { faults: { forged: 1 } } })
    const engine = await bench.started()
    const orphans: unknown[] = []
    engine.on('call.orphaned', (event) => orphans.push(event))
    const job = await engine.calls.create(bench.campaign({ contacts: people(10) }))
    await bench.clock.advance(20 * SECOND)
    expect((await job.snapshot()).calls.live).toBe(10)
    expect(orphans).toHaveLength(10)
    await bench.clock.advance(MINUTE)
    expect((await job.snapshot()).tasks.succeeded).toBe(10)
    await bench.end(engine)
  })
})

describe('race 13: an end that never comes', () => {
  it('is found by asking the carrier once the call must be over; until then the slot is kept', async () => {
    const bench = new Bench({ carrier: { faults: { eventsLost: { ended: 1 } } } })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(2), concurrency: 1, maxDuration: '2m' }))
    await bench.clock.advance(2 * MINUTE)
    expect(bench.entries('placed')).toHaveLength(1)
    await bench.clock.advance(10 * MINUTE)
    expect((await job.snapshot()).tasks.succeeded).toBe(2)
    expect(bench.carrier.ledger.maxLive().get('all')).toBe(1)
    await bench.end(engine)
  })

  it('ends as unknown when the carrier cannot be asked, with the slot freed and nobody called again', async () => {
    const bench = new Bench({ capabilities: { lookup: false }, carrier: { faults: { eventsLost: { ended: 1 } } } })
    const engine = await bench.started()
    const job = await engine.calls.create(
      bench.campaign({ contacts: people(2), concurrency: 1, attempts: 5, maxDuration: '2m' }),
    )
    await bench.clock.advance(HOUR)
    expect((await job.snapshot()).reasons).toEqual({ 'failed/outcome_unknown': 2 })
    expect(bench.carrier.ledger.calledTwice()).toEqual([])
    await bench.end(engine)
  })

  it('is asked about ever more rarely when the carrier cannot say, for as long as it may remember', async () => {
    const bench = new Bench({ carrier: { faults: { eventsLost: { ended: 1 }, lookupFails: 1 } } })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ maxDuration: '2m' }))
    await bench.clock.advance(23 * HOUR)
    expect((await job.snapshot()).calls.live).toBe(1)
    const asked = bench.entries('lookup').map(({ at }) => at)
    expect(asked.length).toBeGreaterThan(80)
    expect(asked.length).toBeLessThan(120)
    const waits = asked.slice(1).map((at, i) => at - (asked[i] as number))
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(15 * SECOND)
    expect(Math.max(...waits)).toBeLessThan(16 * MINUTE)
    await bench.clock.advance(2 * HOUR)
    expect((await job.snapshot()).reasons).toEqual({ 'failed/outcome_unknown': 1 })
    await bench.end(engine)
  })

  it('keeps its deadline when the limits of the job are tightened meanwhile and the worker is another one', async () => {
    const bench = new Bench({
      capabilities: { lookup: false },
      carrier: { talk: [25 * MINUTE, 25 * MINUTE], faults: { eventsLost: 1, timeoutPlaced: 1 } },
    })
    const dying = await bench.started()
    const job = await dying.calls.create(bench.campaign({ maxDuration: '30m', unknown: 'retry', attempts: 2 }))
    await bench.clock.advance(MINUTE)
    await job.update({ maxDuration: '1m' })
    await dying.abandon()
    const engine = await bench.started()
    await bench.clock.advance(20 * MINUTE)
    expect((await job.snapshot()).calls.live).toBe(1)
    expect(bench.entries('placed')).toHaveLength(1)
    await bench.end(engine)
  })
})

describe('race 14: the carrier accepts and queues', () => {
  it('holds the slot while calls wait at the carrier', async () => {
    const bench = new Bench({ capabilities: { cps: 0.1 }, carrier: { queue: true, burst: 1, talk: [1000, 1000] } })
    const engine = await bench.started()
    await engine.setLimits({ route: 'sim' }, { cps: 50, burst: 10 })
    const job = await engine.calls.create(bench.campaign({ contacts: people(6), concurrency: 3 }))
    await bench.clock.advance(5 * SECOND)
    expect(bench.carrier.live).toBe(3)
    expect((await job.snapshot()).calls.live).toBe(3)
    await bench.clock.advance(10 * MINUTE)
    expect((await job.snapshot()).tasks.succeeded).toBe(6)
    expect(bench.carrier.ledger.maxLive().get('all')).toBe(3)
    await bench.end(engine)
  })
})
