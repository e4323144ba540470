import { isOutdialError, memoryDirectory, type ScopeLimits } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, FROM, HOUR, people, SECOND } from '../support/bench.js'

const named = (error: unknown) => (isOutdialError(error, 'invalid_options') ? error.details.field : error)
const SCOPES = [{ organization: 'default' }, { route: 'sim' }, { everything: true }] as const

describe('limits that are none', () => {
  it.each<[string, unknown]>([
    ['concurrency', { concurrency: Number.NaN }],
    ['concurrency', { concurrency: Number.POSITIVE_INFINITY }],
    ['concurrency', { concurrency: -1 }],
    ['concurrency', { concurrency: 0.5 }],
    ['concurrency', { concurrency: '1' }],
    ['cps', { cps: 0 }],
    ['cps', { cps: -1 }],
    ['cps', { cps: Number.NaN }],
    ['cps', { cps: Number.POSITIVE_INFINITY }],
    ['burst', { cps: 1, burst: Number.NaN }],
    ['burst', { cps: 1, burst: 0 }],
    ['burst', { burst: 3 }],
    ['burst', { cps: null, burst: 3 }],
    ['concurency', { concurency: 1 }],
    ['limits', null],
    ['limits', 5],
  ])('are refused by name: %s of %o, and what was set stays', async (field, limits) => {
    const bench = new Bench()
    const engine = await bench.started()
    await engine.setLimits({ organization: 'default' }, { concurrency: 1 })
    for (const scope of SCOPES) {
      expect(await engine.setLimits(scope, limits as ScopeLimits).catch(named)).toBe(field)
    }
    const job = await engine.calls.create(bench.campaign({ contacts: people(5) }))
    await bench.clock.advance(SECOND)
    expect((await job.snapshot()).calls).toMatchObject({ live: 1 })
    await bench.end(engine)
  })

  it.each<[string, unknown]>([
    ['organisation', { organisation: 'default' }],
    ['organization', { organization: '' }],
    ['organization', { callerId: FROM }],
    ['route', { route: 5 }],
    ['everything', { everything: false }],
    ['job', { organization: 'default', job: 'job_1' }],
    ['callerId', { organization: 'default', callerId: FROM.slice(1) }],
    ['callerId', { organization: 'default', callerId: `${FROM} ` }],
    ['scope', null],
    ['scope', 'everything'],
  ])('are those of a scope that there is not: %s in %o', async (field, scope) => {
    const bench = new Bench()
    const engine = await bench.started()
    const refused = await engine.setLimits(scope as { everything: true }, { concurrency: 1 }).catch(named)
    expect(refused).toBe(field === 'organisation' ? 'organization' : field)
    await bench.end(engine)
  })

  it.each<[string, unknown]>([
    ['perDay', { perDay: Number.NaN }],
    ['perDay', { perDay: 0 }],
    ['moneyPerDay', { moneyPerDay: 5 }],
  ])('are those that numbers do not have: %s', async (field, limits) => {
    const bench = new Bench()
    const engine = await bench.started()
    const scope = { organization: 'default', callerId: FROM }
    expect(await engine.setLimits(scope, limits as ScopeLimits).catch(named)).toBe(field)
    await bench.end(engine)
  })

  it.each<[string, object]>([
    ['limits.everything.cps', { limits: { everything: { cps: 0 } } }],
    ['limits.everything.moneyPerDay', { limits: { everything: { moneyPerDay: 5 } } }],
    ['limits.routes.sim.concurrency', { limits: { routes: { sim: { concurrency: Number.NaN } } } }],
    ['limits.organizations', { limits: { organizations: {} } }],
    ['limits', { limits: null }],
  ])('are refused when an engine is made: %s', (field, engine) => {
    const bench = new Bench({ engine })
    expect(() => bench.engine()).toThrow(
      expect.objectContaining({ code: 'invalid_options', details: expect.objectContaining({ field }) }),
    )
  })

  it('are refused of a carrier', () => {
    const bench = new Bench()
    Object.assign(bench.carrier, { capabilities: { ...bench.carrier.capabilities, cps: 0 } })
    const field = 'carriers.sim.capabilities.cps'
    expect(() => bench.engine()).toThrow(expect.objectContaining({ details: { field } }))
  })

  it.each<[string, object]>([
    ['cps', { cps: 0 }],
    ['concurrency', { concurrency: Number.NaN }],
    ['moneyPerDay', { moneyPerDay: 0.5 }],
    ['organization.weight', { weight: 0 }],
    ['organization.limitsSince', { limitsSince: Number.NaN }],
    ['organization.timezone', { timezone: 'Mars/Olympus' }],
  ])('are refused of a directory, and no job is made: %s', async (field, said) => {
    const directory = {
      ...memoryDirectory({ organizations: [] }),
      organization: async (id: string) => ({ id, ...said }),
    }
    const bench = new Bench({ engine: { directory } })
    const engine = await bench.started()
    const refused = await engine.calls.create(bench.campaign()).catch((error: unknown) => error)
    expect(refused).toMatchObject({ details: { field } })
    expect((await engine.calls.list()).items).toEqual([])
    await bench.end(engine)
  })
})

describe('limits', () => {
  it('of 0 start nothing until they are raised', async () => {
    for (const scope of SCOPES) {
      const bench = new Bench()
      const engine = await bench.started()
      await engine.setLimits(scope, { concurrency: 0 })
      const job = await engine.calls.create(bench.campaign({ contacts: people(3) }))
      await bench.clock.advance(HOUR)
      expect((await job.snapshot()).calls).toMatchObject({ begun: 0 })
      await engine.setLimits(scope, { concurrency: 1 })
      await bench.clock.advance(HOUR)
      expect((await job.snapshot()).state).toBe('completed')
      await bench.end(engine)
    }
  })
})
