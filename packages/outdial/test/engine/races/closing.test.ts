import { createEngine, type Engine, type Storage, seededIds, seededRandom } from 'outdial'
import { expect, it } from 'vitest'
import { Bench, DAY, HOUR, people, SECOND, withMethod } from '../support/bench.js'

/**
 * A campaign under rules that have begun today: to end a call, somebody is asked where the person is. `loaded` is told of how many notes its
 * worker reads with a call, and whether that is over at the carrier.
 */
async function asking(zonesOf: () => string[], loaded: (notes: number, ended: boolean) => void = () => {}) {
  const bench = new Bench({ start: '2026-03-02T15:00:00Z' })
  const storage = withMethod(bench.storage, 'load', (load) => async (refs) => {
    const records = await load(refs)
    loaded(records[0]?.notes ?? 0, bench.entries('ended').length > 0)
    return records
  })
  const make = (name: string, storage: Storage, dial?: string[]): Engine =>
    createEngine({
      storage,
      carriers: { sim: bench.carrier },
      clock: bench.clock,
      ids: seededIds(name),
      random: seededRandom(name),
      zones: { version: '1', zonesOf },
      ...(dial && { dial }),
    }) as Engine
  const engine = make('w', storage)
  const failures: unknown[] = []
  engine.on('engine.failed', ({ error }) => failures.push(String(error)))
  engine.on('carrier.failed', ({ message }) => failures.push(message))
  await engine.start()
  const caps = [{ per: 'phone', max: 3, within: '1d' }] as const
  const rules = [{ id: 'r', version: '1', source: 'nowhere', effectiveFrom: '2026-03-02', caps }]
  const job = await engine.calls.create(bench.campaign({ contacts: people(1), attempts: 3, rules }))
  await bench.clock.advance(3 * SECOND)
  return { bench, engine, job, failures, api: make('api', bench.storage, []) }
}

/** Knows where everybody is, but for once when it is away. */
function zones() {
  const file = {
    away: false,
    zonesOf: () => {
      if (!file.away) return ['America/New_York']
      file.away = false
      throw new Error('the file is gone')
    },
  }
  return file
}

it('a call whose end could not be judged is ended by what is heard of it next', async () => {
  const file = zones()
  const { bench, engine, job, failures } = await asking(file.zonesOf)
  file.away = true
  await bench.clock.advance(DAY)
  expect(failures.join()).toContain('the file is gone')
  expect(await job.snapshot()).toMatchObject({ state: 'completed', calls: { live: 0 } })
  await engine.stop({ drain: 0 })
})

it('a call whose end could not be judged again, after an agent had reported, is ended too', async () => {
  const file = zones()
  let judged = false
  const { bench, engine, job, failures, api } = await asking(file.zonesOf, (notes, ended) => {
    // The store has refused the end, because the agent had reported.
    if (judged || notes === 0 || !ended) return
    judged = true
    file.away = true
  })
  const ref = (await job.task(0)).liveCall as string
  const reported = api.calls.report(ref, { callback: bench.clock.now() + HOUR })
  await bench.clock.advance(SECOND)
  await reported
  await bench.clock.advance(DAY)
  expect(failures.join()).toContain('the file is gone')
  expect(await job.snapshot()).toMatchObject({ state: 'completed', calls: { live: 0 } })
  await engine.stop({ drain: 0 })
  await api.stop({ drain: 0 })
})
