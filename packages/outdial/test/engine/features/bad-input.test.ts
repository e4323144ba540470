import { createEngine, type EngineOptions, isOutdialError, rateTable, seededIds, seededRandom } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, FROM, MINUTE, people, phone } from '../support/bench.js'

/** What a program written without types may give. */
const anything = <T>(value: unknown): T => value as T
const refused = (error: unknown) => (isOutdialError(error) ? [error.code, error.details.field ?? error.code] : error)

describe('an engine that cannot be made', () => {
  it.each<[string, object]>([
    ['rates', { rates: 'x' }],
    ...[null, 'x', 5, undefined].map((sim): [string, object] => ['rates.sim', { rates: { sim } }]),
    ['rates.sim.rateOf', { rates: { sim: { rateOf: 5 } } }],
    ['ledger', { ledger: 5 }],
    ['ledger', { ledger: null }],
    ['ledger', { ledger: {} }],
    ['accounts', { accounts: {} }],
    ['accounts', { accounts: { balance: async () => undefined, reserve: 5 } }],
    ['zones', { zones: 5 }],
    ['zones', { zones: {} }],
  ])('says so at once, and names %s: %o', (field, more) => {
    const bench = new Bench()
    const options = { storage: bench.storage, carriers: { sim: bench.carrier }, clock: bench.clock, ...more }
    const make = () =>
      createEngine(anything<Partial<EngineOptions>>({ ids: seededIds('x'), random: seededRandom('x'), ...options }))
    expect(make).toThrow(
      expect.objectContaining({ code: 'invalid_options', details: expect.objectContaining({ field }) }),
    )
  })
})

describe('what makes no sense is refused by name', async () => {
  const bench = new Bench()
  const engine = await bench.started()
  const job = await engine.calls.create(bench.campaign({ start: 'draft', contacts: people(3) }))
  const { suppression, callerIds, calls } = engine

  it.each<[string, string, () => Promise<unknown>]>([
    ['numbers', 'suppression.add(null)', () => suppression.add(anything(null))],
    ['numbers', 'suppression.add(5)', () => suppression.add(anything(5))],
    ['numbers', 'suppression.add(text)', () => suppression.add(phone(1))],
    ['numbers[0]', 'suppression.add([5])', () => suppression.add(anything([5]))],
    ['numbers[1]', 'suppression.add([…, null])', () => suppression.add(anything([phone(1), null]))],
    ['where', 'suppression.check(…, null)', () => suppression.check([phone(1)], anything(null))],
    ['call_not_found', 'report(5)', () => calls.report(anything(5), {})],
    ['call_not_found', 'report(null)', () => calls.report(anything(null), {})],
    ['number', 'callerIds.get(5)', () => callerIds.get(anything(5))],
    ['organization', 'callerIds.get(…, 5)', () => callerIds.get(FROM, anything({ organization: 5 }))],
    ['options', 'callerIds.list(null)', () => callerIds.list(anything(null))],
    ['options', 'callerIds.close(…)', () => callerIds.close(FROM, anything(undefined))],
    ['scope', 'setLimits(null)', () => engine.setLimits(anything(null), {})],
    ['query', 'list(null)', () => calls.list(anything(null))],
    ['options', 'preflight(null)', () => job.preflight(anything(null))],
    ['sample', 'seed NaN', () => job.seed({ sample: Number.NaN })],
    ['sample', 'seed 0', () => job.seed({ sample: 0 })],
    ['sample', 'seed -1', () => job.seed({ sample: -1 })],
    ['reason', 'cancel', () => job.cancel({ reason: anything({ a: 1 }) })],
    ['reason', 'fail', () => job.fail(anything({ a: 1 }))],
    ['reason', 'cancelTask', () => job.cancelTask(0, anything({ a: 1 }))],
    ['reason', 'skipTask', () => job.skipTask(0, anything(5))],
    ['reason', 'pause', () => job.pause({ reason: anything(5) })],
  ])('%s: %s', async (field, _, ask) => {
    const [code, named] = anything<[string, string]>(await ask().catch(refused))
    expect([code === 'call_not_found' ? code : named, code]).toEqual([
      field,
      field === 'call_not_found' ? field : 'invalid_options',
    ])
    expect((await job.snapshot()).state).toBe('draft')
  })
})

describe('a pause', () => {
  it.each(['caller_id_closed', 'caller_id_daily_cap', 'organization_daily_budget', 'budget_exhausted'])(
    'of a user has no reason by which the engine would end it: %s',
    async (reason) => {
      const bench = new Bench()
      const engine = await bench.started()
      const job = await engine.calls.create(bench.campaign({ concurrency: 1, contacts: people(9) }))
      await bench.clock.advance(MINUTE)
      expect(await job.pause({ reason }).catch(refused)).toEqual(['invalid_options', 'reason'])
      expect((await job.snapshot()).state).toBe('running')
      await job.pause({ reason: 'audit' })
      await engine.callerIds.release(FROM)
      expect(await job.snapshot()).toMatchObject({ state: 'paused', reason: 'audit' })
      await bench.end(engine)
    },
  )
})

describe('rates of the host’s own', () => {
  it('that throw are told of as trouble of the engine, and only theirs are not called', async () => {
    const { rateOf: known } = rateTable({ default: { perMinute: 1 } })
    const rateOf = (to: string) => {
      if (to === phone(1)) throw new Error('away')
      return known(to)
    }
    const bench = new Bench({ engine: { rates: { sim: { book: 'rate', rateOf } } } })
    const engine = await bench.started()
    const told: unknown[] = []
    engine.on('engine.failed', ({ error }) => told.push(error))
    engine.on('storage.failed', () => told.push('storage'))
    const job = await engine.calls.create(bench.campaign({ contacts: people(3) }))
    await bench.clock.advance(3 * MINUTE)
    expect((await job.snapshot()).tasks).toMatchObject({ succeeded: 2, waiting: 1 })
    expect(told.length).toBeGreaterThan(0)
    expect(told.every((error) => error instanceof Error && error.message === 'away')).toBe(true)
    await bench.end(engine)
  })
})
