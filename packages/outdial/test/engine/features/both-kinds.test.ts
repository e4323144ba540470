import { createEngine, type Engine, type Limit, memoryDirectory, simulatedInventory } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, type BenchOptions, MINUTE, people, SECOND, withMethod } from '../support/bench.js'

/** An engine that both calls people and changes resources, and the limits it sets. */
function both(options: BenchOptions, latency: [number, number], organizations: { id: string; concurrency: number }[]) {
  const bench = new Bench(options)
  const limits: Record<string, object> = {}
  const storage = withMethod(bench.storage, 'setLimits', (set) => async (some) => {
    for (const { key, revision: _, ...rule } of some as Limit[]) limits[key] = rule
    return set(some)
  })
  const engine = createEngine({
    storage,
    carriers: { sim: bench.carrier },
    resources: [simulatedInventory({ clock: bench.clock, latency })],
    directory: memoryDirectory({ organizations }),
    clock: bench.clock,
  })
  return { bench, engine, limits }
}

const order = (organization: string) =>
  ({
    name: 'Buy',
    organization,
    type: 'phonenumber',
    method: 'create',
    data: [{ customer_reference: 'a' }],
    start: 'now',
  }) as const

async function end(bench: Bench, engine: Engine): Promise<void> {
  const stopped = engine.stop({ drain: 0 })
  await bench.clock.advance(5 * SECOND)
  await stopped
}

describe('an engine with calls and operations', () => {
  const acme = [{ id: 'acme', concurrency: 9 }]

  it('waits for both when it stops, whichever ends last', async () => {
    for (const [talk, latency] of [
      [5 * SECOND, 25 * SECOND],
      [40 * SECOND, 10 * SECOND],
    ] as const) {
      const { bench, engine } = both({ carrier: { talk: [talk, talk] } }, [latency, latency], acme)
      await engine.start()
      const calls = await engine.calls.create(bench.campaign({ organization: 'acme' }))
      const operations = await engine.operations.create(order('acme'))
      await bench.clock.advance(8 * SECOND)
      let live: number | undefined
      const stopped = engine.stop({ drain: '2m' }).then((report) => {
        live = report.live
      })
      await bench.clock.advance(10 * SECOND)
      expect(live).toBeUndefined()
      await bench.clock.advance(40 * SECOND)
      await stopped
      expect(live).toBe(0)
      expect(await calls.snapshot()).toMatchObject({ state: 'completed', tasks: { succeeded: 1 } })
      expect(await operations.snapshot()).toMatchObject({ state: 'completed', tasks: { succeeded: 1 } })
      expect(bench.clock.timers()).toEqual([])
    }
  })

  it('counts both that are live when it has to stop before', async () => {
    const { bench, engine } = both({ carrier: { talk: [MINUTE, MINUTE] } }, [20 * SECOND, 20 * SECOND], acme)
    await engine.start()
    await engine.calls.create(bench.campaign({ organization: 'acme', contacts: people(2) }))
    await engine.operations.create(order('acme'))
    await bench.clock.advance(8 * SECOND)
    const stopped = engine.stop({ drain: '1s' })
    await bench.clock.advance(10 * SECOND)
    expect(await stopped).toEqual({ live: 3 })
  })

  it('sets the limits of an organization with a job of either kind', async () => {
    const { bench, engine, limits } = both(
      {},
      [0, 0],
      [
        { id: 'caller', concurrency: 2 },
        { id: 'buyer', concurrency: 3 },
      ],
    )
    await engine.start()
    await engine.calls.create(bench.campaign({ organization: 'caller', contacts: people(5) }))
    await engine.operations.create(order('buyer'))
    expect(limits).toMatchObject({
      'slots:organization:caller': { slots: 2 },
      'slots:organization:buyer': { slots: 3 },
    })
    await bench.clock.advance(8 * SECOND)
    expect(bench.carrier.live).toBe(2)
    await end(bench, engine)
  })
})
