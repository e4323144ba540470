import { createEngine, type Engine, type SimulatedCarrier, seededIds, seededRandom, type VirtualClock } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, DAY, HOUR, people, SECOND, withMethod } from '../support/bench.js'

const rates = { sim: { default: { perMinute: 60 }, book: 'rate' } } as const

/** The clock of a machine whose time is another. */
function away(clock: VirtualClock, by: number): VirtualClock {
  return new Proxy(clock, {
    get(target, key) {
      if (key === 'now') return () => target.now() + by
      const value = Reflect.get(target, key, target) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** A process that only creates and controls jobs, and has never asked the store for its time. */
function api(bench: Bench, by: number): Engine<{ sim: SimulatedCarrier }> {
  return createEngine({
    storage: withMethod(bench.storage, 'open', () => async () => {}),
    carriers: { sim: bench.carrier },
    clock: away(bench.clock, by),
    ids: seededIds(`api ${by}`),
    random: seededRandom(`api ${by}`),
    zones: false,
    rates,
    dial: [],
  })
}

describe('processes whose clocks differ', () => {
  it.each([
    [2 * SECOND, 0],
    [0, -2 * SECOND],
    [DAY, HOUR],
    [-HOUR, -DAY],
  ])('agree on limits and budget with what the job says: %d and then %d ms away', async (first, second) => {
    const bench = new Bench({ engine: { rates } })
    const worker = await bench.started()
    const budget = { total: 100_000, perDay: 100_000 }
    const options = bench.campaign({ contacts: people(60), start: 'draft', concurrency: 5, maxDuration: '10m', budget })
    const job = await worker.calls.create(options)
    await (await api(bench, first).calls.get(job.id))?.update({ concurrency: 50, cps: 90, budget: { total: 90_000 } })
    await bench.clock.advance(SECOND)
    await (await api(bench, second).calls.get(job.id))?.update({
      concurrency: 1,
      cps: 2,
      budget: { total: 700, perDay: 600 },
    })
    const keys = [`slots:job:${job.id}`, `rate:job:${job.id}`, `money:job:${job.id}`, `money:job:${job.id}:day`]
    const rules = (await bench.storage.usage(keys.map((key) => ({ key })))).map(({ rule }) => rule)
    expect(rules).toEqual([{ slots: 1 }, { rate: 2, burst: 1 }, { money: 700e6 }, { money: 600e6 }])
    await job.start()
    await bench.clock.advance(20 * SECOND)
    expect((await job.snapshot()).calls.live).toBeLessThanOrEqual(1)
    await bench.end(worker)
  })

  it('go on from limits that an earlier version has set by its clock', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ start: 'draft', concurrency: 5 }))
    const key = `slots:job:${job.id}`
    await bench.storage.setLimits([{ key, revision: (bench.clock.now() + DAY) * 1000, slots: 50 }])
    await job.update({ concurrency: 2 })
    await job.update({ concurrency: 1 })
    expect((await bench.storage.usage([{ key }]))[0]?.rule).toEqual({ slots: 1 })
    await bench.end(engine)
  })
})
