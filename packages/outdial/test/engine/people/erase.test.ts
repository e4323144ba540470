import { type AttemptEntry, createEngine, type ErasedPerson, isOutdialError, seededIds, seededRandom } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, MINUTE, phone, SECOND } from '../support/bench.js'

const code = (error: unknown) => (isOutdialError(error) ? `${error.code} ${error.details.field}` : error)

describe('erasing a person', () => {
  const ada = { phone: phone(0), externalId: 'c1', name: 'Ada Teapotski' }
  const bo = { phone: phone(1), externalId: 'c2', name: 'Bo' }

  it('removes who they are from all campaigns of the organization, and keeps the counts', async () => {
    const bench = new Bench()
    const told: ErasedPerson[] = []
    const entries: AttemptEntry[] = []
    const engine = createEngine({
      storage: bench.storage,
      carriers: { sim: bench.carrier },
      clock: bench.clock,
      ids: seededIds('erase'),
      random: seededRandom('erase'),
      ledger: {
        append: async (given) => void entries.push(...given),
        erase: async (person) => void told.push(person),
      },
    })
    await engine.start()
    const ended = await engine.calls.create(bench.campaign({ name: 'Ended', contacts: [ada, bo] }))
    await bench.clock.advance(MINUTE)
    const waiting = await engine.calls.create(bench.campaign({ name: 'Waiting', contacts: [bo, ada], start: 'draft' }))
    const foreign = await engine.calls.create(
      bench.campaign({ name: 'Foreign', contacts: [ada], organization: 'acme', start: 'draft' }),
    )
    const live = await engine.calls.create(bench.campaign({ name: 'Live', contacts: [ada] }))
    await bench.clock.advance(10 * SECOND)
    await engine.calls.report((await live.task(0)).liveCall as string, { optOut: true })

    expect(await engine.erase({ phone: ada.phone })).toEqual({
      erased: 2,
      live: [{ jobId: live.id, index: 0 }],
      ledger: true,
    })
    expect(told).toEqual([{ organization: 'default', phones: [ada.phone] }])
    expect(await ended.task(0)).toMatchObject({ state: 'succeeded', redacted: true, phone: '', calls: [] })
    expect(await ended.task(1)).toMatchObject({ phone: bo.phone, externalId: 'c2' })
    expect(await waiting.task(1)).toMatchObject({ state: 'canceled', reason: 'erased', redacted: true, phone: '' })
    expect((await ended.snapshot()).byOutcome).toEqual({ answered: 2 })
    expect(await foreign.task(0)).toMatchObject({ phone: ada.phone })
    await bench.clock.advance(MINUTE)
    expect(await engine.erase({ phone: ada.phone })).toEqual({ erased: 1, live: [], ledger: true })
    expect(await live.task(0)).toMatchObject({ redacted: true })
    expect(await engine.erase({ phone: ada.phone })).toMatchObject({ erased: 0, live: [] })
    for (const job of [ended, waiting, live]) {
      const log: unknown[] = []
      for await (const event of job.log()) log.push(event)
      for (const secret of [ada.phone, ada.name, '"c1"']) {
        expect(JSON.stringify([log, await job.snapshot()])).not.toContain(secret)
      }
    }
    // The wish not to be called outlives the data, unless that is to go as well.
    expect((await engine.suppression.describe({ organization: 'default' })).size).toBe(1)
    await engine.erase({ phone: ada.phone, suppression: true })
    expect((await engine.suppression.describe({ organization: 'default' })).size).toBe(0)
    await engine.stop({ drain: 0 })
  })

  it('finds them by the host’s own id too, with all of their numbers', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const one = await engine.calls.create(bench.campaign({ contacts: [ada, bo] }))
    const two = await engine.calls.create(
      bench.campaign({ name: 'Two', contacts: [{ ...ada, phone: phone(5) }], start: 'draft' }),
    )
    await bench.clock.advance(MINUTE)
    expect(await engine.erase({ externalId: 'c1' })).toEqual({ erased: 2, live: [], ledger: false })
    expect([(await one.task(0)).redacted, (await one.task(1)).redacted, (await two.task(0)).redacted]).toEqual([
      true,
      undefined,
      true,
    ])
    await bench.end(engine)
  })

  it.each([
    [{}, 'invalid_options phone'],
    [{ phone: phone(0), externalId: 'c1' }, 'invalid_options phone'],
    [{ phone: '12' }, 'invalid_options phone'],
    [{ phone: phone(0), job: 'x' }, 'invalid_options job'],
  ])('refuses %j', async (options, expected) => {
    expect(await new Bench().engine().erase(options).catch(code)).toBe(expected)
  })
})
