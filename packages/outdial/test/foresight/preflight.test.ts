import { describe, expect, it } from 'vitest'
import { Bench, HOUR, people, phone } from '../engine/support/bench.js'

const LIST = 'suppressed:organization:default'

describe('a preflight', () => {
  it('looks from when the campaign begins by itself', async () => {
    const bench = new Bench({ start: '2027-01-04T06:00:00Z' })
    const engine = bench.engine()
    const window = { timezone: 'UTC', hours: '09:00-17:00' }
    const scheduled = await engine.calls.create(
      bench.campaign({ start: '2027-01-04T10:00:00Z', window, contacts: people(3) }),
    )
    const told = await scheduled.preflight()
    expect(told).toMatchObject({
      state: 'scheduled',
      at: bench.clock.start,
      from: bench.clock.start + 4 * HOUR,
      holds: [{ code: 'job_state', until: bench.clock.start + 4 * HOUR }],
      contacts: { dial: 3, deferred: 0 },
    })
    const draft = await engine.calls.create(bench.campaign({ start: 'draft', window, contacts: people(3) }))
    expect(await draft.preflight()).toMatchObject({
      from: bench.clock.start,
      contacts: { dial: 0, deferred: 3 },
      reasons: [{ code: 'window', of: 'UTC', contacts: 3, earliest: bench.clock.start + 3 * HOUR }],
    })
  })

  it('says of a list that is too old that nobody is called before somebody does something', async () => {
    const bench = new Bench({ start: '2027-01-04T12:00:00Z' })
    const engine = bench.engine()
    const job = await engine.calls.create(bench.campaign({ start: 'draft', contacts: people(2) }))
    await bench.storage.setList(LIST, { add: [phone(0)], asOf: bench.clock.start - 2 * HOUR, maxAgeMs: HOUR })
    expect(await job.preflight()).toMatchObject({
      contacts: { dial: 0, stuck: 2 },
      reasons: [{ becomes: 'stuck', code: 'list_stale', of: LIST, contacts: 2 }],
    })
  })

  it('counts those who share what a cap allows, and no room of now', async () => {
    const bench = new Bench({ start: '2027-01-04T12:00:00Z' })
    const engine = bench.engine()
    const contacts = people(5).map((person, i) => ({ ...person, externalId: i < 3 ? 'Ann' : `other ${i}` }))
    const caps = [{ per: 'externalId' as const, max: 2, within: '1d' }]
    const job = await engine.calls.create(bench.campaign({ start: 'draft', contacts, caps, concurrency: 1, cps: 0.01 }))
    expect(await job.preflight()).toMatchObject({
      contacts: { dial: 4, deferred: 1 },
      reasons: [{ code: 'cap', contacts: 1, earliest: bench.clock.start + 24 * HOUR, examples: [{ index: 2 }] }],
    })
  })

  it('stops where it is told to, and says so', async () => {
    const bench = new Bench()
    const job = await bench.engine().calls.create(bench.campaign({ contacts: people(5), start: 'draft' }))
    expect(await job.preflight({ limit: 3 })).toMatchObject({ contacts: { total: 5, looked: 3 }, complete: false })
    await expect(job.preflight({ limit: 0 })).rejects.toMatchObject({ details: { field: 'limit' } })
    await expect(job.preflight({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
  })
})

describe('a preflight of a campaign with rates', () => {
  const rates = { sim: { prefixes: { '+1': { perMinute: 60 } }, book: 'rate' as const } }
  const open = () => new Bench({ start: '2027-01-04T12:00:00Z', engine: { rates } })

  it('says what it may cost, and who cannot be priced', async () => {
    const bench = open()
    const contacts = [...people(2), { phone: '+4915123456789' }]
    const job = await bench
      .engine()
      .calls.create(bench.campaign({ start: 'draft', contacts, maxDuration: '10m', budget: { total: 1300 } }))
    expect(await job.preflight()).toMatchObject({
      contacts: { dial: 2, stuck: 1 },
      reasons: [{ becomes: 'stuck', code: 'rate_unknown', contacts: 1 }],
      cost: { min: 0, max: 1200 },
    })
  })

  it('says whom no day has money for, and when each day ends', async () => {
    const bench = open()
    const job = await bench
      .engine()
      .calls.create(
        bench.campaign({ start: 'draft', contacts: people(2), maxDuration: '10m', budget: { perDay: 500 } }),
      )
    const told = await job.preflight()
    expect(told).toMatchObject({ contacts: { dial: 0, stuck: 2 }, reasons: [{ code: 'money', contacts: 2 }] })
    expect((await job.explain(0)).standing).toMatchObject({
      blocks: [{ code: 'job_state' }, { code: 'money', limit: 500, needed: 600, until: Date.UTC(2027, 0, 5) }],
    })
  })
})
