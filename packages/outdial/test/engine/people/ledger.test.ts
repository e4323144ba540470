import type { AttemptEntry, Engine, EngineOptions, LedgerSink, SimulatedCarrier, Storage } from 'outdial'
import { createEngine, seededIds, seededRandom } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, phone, SECOND, withMethod } from '../support/bench.js'

/** A sink that keeps what it is given, and refuses when it is told to. */
class Kept implements LedgerSink {
  readonly entries: AttemptEntry[] = []
  refuse = false

  async append(entries: readonly AttemptEntry[]): Promise<void> {
    if (this.refuse) throw new Error('the disk is full')
    this.entries.push(...entries)
  }
}

const engineWith = async (
  bench: Bench,
  ledger: LedgerSink | 'keep',
  name = 'ledger',
  rates?: EngineOptions['rates'],
) => {
  const engine = createEngine({
    storage: bench.storage,
    carriers: { sim: bench.carrier },
    clock: bench.clock,
    ids: seededIds(name),
    random: seededRandom(name),
    ledger,
    ...(rates && { rates }),
  })
  await engine.start()
  return engine as Engine<{ sim: SimulatedCarrier }>
}

describe('the ledger', () => {
  it('has an entry for every attempt, with who, when, what came of it and why it was allowed', async () => {
    const bench = new Bench({ start: '2026-03-02T15:00:00Z', carrier: { outcomes: { no_answer: 1 } } })
    const sink = new Kept()
    const engine = await engineWith(bench, sink)
    const job = await engine.calls.create(
      bench.campaign({
        contacts: [{ phone: phone(0), externalId: 'c1', name: 'Ada' }],
        window: '09:00-20:00',
        timezone: 'America/New_York',
        attempts: 2,
        retry: { no_answer: ['5m'] },
      }),
    )
    await bench.clock.advance(10 * MINUTE)
    const { calls } = await job.task(0)
    expect(sink.entries).toHaveLength(2)
    const [first, second] = sink.entries
    expect(first).toEqual({
      kind: 'ended',
      id: calls[0]?.ref,
      ref: calls[0]?.ref,
      attempt: 1,
      organization: 'default',
      jobId: job.id,
      campaign: 'Reminders',
      index: 0,
      externalId: 'c1',
      from: '+13035550100',
      to: phone(0),
      state: 'ended',
      placed: true,
      fencedAt: calls[0]?.fencedAt,
      endedAt: calls[0]?.endedAt,
      duration: 0,
      cost: 0,
      outcome: 'no_answer',
      callId: calls[0]?.callId,
      ...(calls[0]?.raw && { raw: calls[0].raw }),
      decision: expect.objectContaining({ rules: expect.objectContaining({ window: 'pass' }) }),
    })
    expect(second).toMatchObject({ id: calls[1]?.ref, attempt: 2 })
    // Nothing that the host said of the contact but its id is in it.
    expect(JSON.stringify(sink.entries)).not.toContain('Ada')
    await bench.end(engine)
  })

  it('says what came to light later, and what an agent reported', async () => {
    const bench = new Bench()
    const sink = new Kept()
    const engine = await engineWith(bench, sink)
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(10 * SECOND)
    const ref = (await job.task(0)).liveCall as string
    await engine.calls.report(ref, { disposition: 'interested', data: { budget: 5 } })
    await engine.calls.report(ref, { disposition: 'interested', data: { budget: 5 } })
    await bench.clock.advance(MINUTE)
    bench.carrier.parseWebhook = async () => [
      { ref, type: 'ended', outcome: 'voicemail' },
      { ref, type: 'ended', outcome: 'voicemail', cost: 3 },
    ]
    await engine.webhook('sim', { headers: {}, body: '' } as never)
    await engine.webhook('sim', { headers: {}, body: '' } as never)
    await bench.clock.advance(10 * SECOND)
    expect(sink.entries).toMatchObject([
      { kind: 'reported', to: phone(0), disposition: 'interested', report: { data: { budget: 5 } } },
      { kind: 'ended', id: ref, outcome: 'answered' },
      { kind: 'corrected', id: `${ref}#1`, outcome: 'voicemail' },
      { kind: 'corrected', id: `${ref}#2`, outcome: 'voicemail', cost: 3 },
    ])
    expect(new Set(sink.entries.map(({ id }) => id)).size).toBe(4)
    await bench.end(engine)
  })

  it('is kept while the sink refuses, beyond the job, and tells of it', async () => {
    const bench = new Bench()
    const sink = new Kept()
    sink.refuse = true
    const engine = await engineWith(bench, sink)
    const failures: unknown[] = []
    engine.on('ledger.failed', ({ entries, retryIn }) => failures.push([entries, retryIn]))
    const job = await engine.calls.create(bench.campaign({ contacts: people(3) }))
    await bench.clock.advance(4 * MINUTE)
    await job.delete()
    expect(failures.slice(0, 3)).toEqual([30_000, 60_000, 60_000].map((wait) => [3, wait]))
    await bench.clock.advance(HOUR)
    // It does not ask the more often the longer it lasts.
    expect(failures.length).toBeLessThan(75)
    sink.refuse = false
    await bench.clock.advance(2 * MINUTE)
    expect(sink.entries.map(({ to }) => to).sort()).toEqual(people(3).map((one) => one.phone))
    await bench.end(engine)
  })

  it('has nothing of a person who was erased while the sink refused', async () => {
    const bench = new Bench()
    const sink = new Kept()
    sink.refuse = true
    const engine = await engineWith(bench, sink)
    await engine.calls.create(bench.campaign({ contacts: people(2) }))
    await bench.clock.advance(MINUTE)
    // By another process, too: what this one had been handed is what it has to forget.
    const erasing = engine.erase({ phone: people(1)[0]?.phone as string })
    sink.refuse = false
    await erasing
    await bench.clock.advance(5 * MINUTE)
    expect(sink.entries.map(({ to }) => to)).toEqual([people(2)[1]?.phone])
    await bench.end(engine)
  })

  it('tells of a sink that does not answer', async () => {
    const bench = new Bench()
    const sink = new Kept()
    const append = sink.append.bind(sink)
    sink.append = () => new Promise(() => {})
    const engine = await engineWith(bench, sink)
    const failures: unknown[] = []
    engine.on('ledger.failed', ({ entries }) => failures.push(entries))
    await engine.calls.create(bench.campaign())
    await bench.clock.advance(2 * MINUTE)
    expect(failures[0]).toBe(1)
    sink.append = append
    await bench.clock.advance(3 * MINUTE)
    expect(sink.entries).toHaveLength(1)
    await bench.end(engine)
  })

  it('is handed over when an engine stops, and taken from those who only keep it', async () => {
    const bench = new Bench()
    const worker = await engineWith(bench, 'keep', 'worker')
    // This one knows of no ledger: the campaign does.
    const plain = await bench.started()
    await worker.calls.create(bench.campaign({ contacts: people(40) }))
    await bench.clock.advance(36_500)
    await bench.end(worker)
    await bench.clock.advance(MINUTE)
    await bench.end(plain)
    const sink = new Kept()
    const drain = await engineWith(bench, sink, 'drain')
    await bench.end(drain)
    expect(new Set(sink.entries.map(({ id }) => id)).size).toBe(40)
    expect(sink.entries).toHaveLength(40)
  })

  it.each(['stop', 'abandon'] as const)('is let go of for good with %s, however slow its sink is', async (how) => {
    const bench = new Bench()
    const asked: number[] = []
    const watched = (method: 'takeLedger' | 'acknowledgeLedger', storage: Storage): Storage =>
      withMethod(storage, method, (original) => (...args: never[]) => {
        asked.push(bench.clock.now())
        return (original as (...args: never[]) => never)(...args)
      })
    const entries: AttemptEntry[] = []
    const slow: LedgerSink = {
      append: (given) =>
        new Promise((resolve) => {
          entries.push(...given)
          bench.clock.setTimeout(resolve, 5 * SECOND)
        }),
    }
    const keeper = await engineWith(bench, 'keep', 'keeper')
    await keeper.calls.create(bench.campaign({ contacts: people(100), concurrency: 600 }))
    await keeper.calls.create(bench.campaign({ contacts: people(100), concurrency: 600 }))
    await keeper.calls.create(bench.campaign({ contacts: people(100), concurrency: 600 }))
    await bench.clock.advance(2 * MINUTE)
    await bench.end(keeper)
    const storage = watched('takeLedger', watched('acknowledgeLedger', bench.storage))
    const engine = await engineWith({ ...bench, storage } as Bench, slow, 'drain')
    await bench.clock.advance(SECOND)
    const ending = how === 'stop' ? engine.stop({ drain: 0 }) : engine.abandon()
    await bench.clock.advance(3 * SECOND)
    await ending
    const calls = asked.length
    const given = entries.length
    expect(given).toBeGreaterThan(0)
    await bench.clock.advance(MINUTE)
    expect(asked.length).toBe(calls)
    expect(entries.length).toBe(given)
    // Nothing is lost by it: what was not safe is handed to whoever comes next.
    const sink = new Kept()
    const next = await engineWith(bench, sink, 'next')
    await bench.clock.advance(MINUTE)
    expect(new Set(sink.entries.map(({ id }) => id)).size).toBe(300)
    await bench.end(next)
  })

  it.each(['stop', 'abandon'] as const)(
    'is given nothing that the store hands out after %s, which waits for it',
    async (how) => {
      const bench = new Bench()
      const keeper = await engineWith(bench, 'keep', 'keeper')
      await keeper.calls.create(bench.campaign({ contacts: people(3) }))
      await bench.clock.advance(MINUTE)
      await bench.end(keeper)
      let hand = () => {}
      const handing = new Promise<void>((resolve) => {
        hand = resolve
      })
      const storage = withMethod(bench.storage, 'takeLedger', (take) => async (...given) => {
        const page = await take(...given)
        await handing
        return page
      })
      const sink = new Kept()
      const engine = await engineWith({ ...bench, storage } as Bench, sink, 'drain')
      let over = false
      const ending = (how === 'stop' ? engine.stop({ drain: 0 }) : engine.abandon()).then(() => {
        over = true
      })
      await bench.clock.advance(MINUTE)
      expect(over).toBe(false)
      hand()
      await ending
      expect(sink.entries).toEqual([])
    },
  )

  it('tells what the carrier asked for a call apart from what that was booked at', async () => {
    const bench = new Bench({ carrier: { costPerMinute: 9 } })
    const sink = new Kept()
    const rates = { sim: { default: { perMinute: 60 }, book: 'rate' } } as const
    const engine = await engineWith(bench, sink, 'ledger', rates)
    await engine.calls.create(bench.campaign({ budget: { total: 10_000 } }))
    await bench.clock.advance(2 * MINUTE)
    expect(sink.entries).toMatchObject([{ cost: 9, booked: 30 }])
    await bench.end(engine)
    const unpriced = await engineWith(bench, sink, 'unpriced')
    await unpriced.calls.create(bench.campaign({ contacts: [{ phone: phone(1) }] }))
    await bench.clock.advance(2 * MINUTE)
    expect(sink.entries[1]).toMatchObject({ to: phone(1), cost: 9 })
    expect(sink.entries[1]).not.toHaveProperty('booked')
    await bench.end(unpriced)
  })

  it('is not written by an engine without one', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    await engine.calls.create(bench.campaign({ contacts: people(3) }))
    await bench.clock.advance(MINUTE)
    expect((await bench.storage.takeLedger({ max: 10, leaseMs: 1 })).entries).toEqual([])
    await bench.end(engine)
  })
})
