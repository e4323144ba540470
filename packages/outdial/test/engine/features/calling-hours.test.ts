import { type CallJobOptions, memoryStorage, numberZones, type RuleSet, type Storage } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, phone, withMethod } from '../support/bench.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A Monday in winter, when it is still night in all of these zones. */
const MIDNIGHT = Date.parse('2027-01-04T00:00:00Z')
const NIGHT = MIDNIGHT + 6 * HOUR

const NEW_YORK = '+12125550100'
const CHICAGO = '+13125550100'
const MIAMI = '+13055550100'
const DENVER = '+13035550101'
const LOS_ANGELES = '+12135550100'
/** In the west of Florida, where there are two zones. */
const PENSACOLA = '+18505550100'
const TOLL_FREE = '+18005550100'

const zoned = (options: ConstructorParameters<typeof Bench>[0] = {}) =>
  new Bench({ start: NIGHT, ...options, engine: { zones: numberZones(), ...options.engine } })

const to = (...phones: string[]) => phones.map((phone) => ({ phone }))

/** Local hours in UTC at which each was called first. */
function firstCalls(bench: Bench): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { to: phone, at } of bench.entries('placed')) found[phone] ??= new Date(at).toISOString().slice(8, 16)
  return found
}

async function run(bench: Bench, options: Partial<CallJobOptions>, hours = 30) {
  const engine = await bench.started()
  const job = await engine.calls.create(bench.campaign(options))
  await bench.clock.advance(hours * HOUR)
  const snapshot = await job.snapshot()
  return { engine, job, snapshot }
}

describe('a calling window', () => {
  it('is read in the zone of each number, in all that it may be', async () => {
    const bench = zoned()
    const contacts = [
      ...to(NEW_YORK, CHICAGO, LOS_ANGELES, PENSACOLA, TOLL_FREE),
      { phone: DENVER, timezone: 'America/New_York' },
    ]
    const { engine } = await run(bench, { contacts, window: '09:00-20:00', timezone: 'Europe/Paris', start: 'now' })
    expect(firstCalls(bench)).toEqual({
      [TOLL_FREE]: '04T08:00',
      [NEW_YORK]: '04T14:00',
      // A contact's own zone goes before that of its number.
      [DENVER]: '04T14:00',
      [CHICAGO]: '04T15:00',
      [PENSACOLA]: '04T15:00',
      [LOS_ANGELES]: '04T17:00',
    })
    await bench.end(engine)
  })

  it('is read in the zone of the job where the job says so, or the engine knows no other', async () => {
    for (const [zones, zoneBy] of [
      [numberZones(), 'job'],
      [false, 'number'],
    ] as const) {
      const bench = zoned({ engine: { zones } })
      const { engine } = await run(bench, {
        contacts: to(NEW_YORK, LOS_ANGELES),
        window: '09:00-20:00',
        timezone: 'Europe/Paris',
        zoneBy,
      })
      expect(firstCalls(bench)).toEqual({ [NEW_YORK]: '04T08:00', [LOS_ANGELES]: '04T08:00' })
      await bench.end(engine)
    }
  })

  it('that a job gets later counts in the zone of each number too', async () => {
    const bench = zoned()
    const engine = await bench.engine()
    const job = await engine.calls.create(bench.campaign({ contacts: to(NEW_YORK, LOS_ANGELES), start: 'draft' }))
    await job.update({ window: '09:00-20:00' })
    await engine.start()
    await job.start()
    await bench.clock.advance(30 * HOUR)
    expect(firstCalls(bench)).toEqual({ [NEW_YORK]: '04T14:00', [LOS_ANGELES]: '04T17:00' })
    await bench.end(engine)
  })

  it('that is lifted while contacts are added counts for these too, also in zones that the job had not had', async () => {
    const bench = new Bench({ start: '2026-03-02T15:00:00Z' })
    const engine = await bench.started()
    const closed = { days: 'mon-sun', hours: '09:00-20:00', blackouts: [{ from: '2026-03-02', until: '2026-06-01' }] }
    const job = await engine.calls.create(bench.campaign({ keepOpen: true, timezone: 'UTC', window: closed }))
    await bench.clock.advance(MINUTE)
    async function* slow() {
      yield { phone: phone(5), timezone: 'America/Chicago' }
      await job.update({ window: null })
      yield { phone: phone(6), timezone: 'America/Chicago' }
    }
    await job.append(slow())
    await bench.clock.advance(5 * MINUTE)
    expect((await job.snapshot()).tasks).toMatchObject({ total: 3, succeeded: 3 })
    await bench.end(engine)
  })

  it('is that of their own zone for contacts whom two have added at once, each in a zone that the job had not had', async () => {
    const bench = new Bench({ start: NIGHT })
    let meanwhile: (() => Promise<unknown>) | undefined
    const storage = withMethod(bench.storage, 'openBatch', (open) => async (...given) => {
      const act = meanwhile
      meanwhile = undefined
      await act?.()
      return open(...given)
    })
    const engine = await bench.started(storage)
    const job = await engine.calls.create(bench.campaign({ keepOpen: true, timezone: 'UTC', window: '09:00-20:00' }))
    meanwhile = () => job.append([{ phone: phone(5), timezone: 'America/Chicago' }])
    await job.append([{ phone: phone(6), timezone: 'America/New_York' }])
    await bench.clock.advance(24 * HOUR)
    expect(firstCalls(bench)).toEqual({ [phone(0)]: '04T09:00', [phone(5)]: '04T15:00', [phone(6)]: '04T14:00' })
    await bench.end(engine)
  })

  it('is of no matter for a campaign that was deleted when its last contacts had been added', async () => {
    const bench = new Bench({ start: MIDNIGHT })
    let sealed: (() => Promise<unknown>) | undefined
    const storage = withMethod(bench.storage, 'seal', (seal) => async (...given) => {
      const answer = await seal(...given)
      await sealed?.()
      return answer
    })
    const engine = await bench.started(storage)
    const job = await engine.calls.create(bench.campaign({ start: 'draft' }))
    sealed = async () => {
      await job.cancel()
      await job.delete()
    }
    expect((await job.append([{ phone: phone(5) }])).intake).toMatchObject({ accepted: 1 })
    await bench.end(engine)
  })

  it('says in the record of a decision which zone it was and how that is known', async () => {
    const bench = zoned()
    const { engine, job } = await run(bench, { contacts: to(PENSACOLA), window: '09:00-20:00' })
    const decisions: unknown[] = []
    for (const { data } of await eventsOf(bench.storage, job.id)) {
      if (data.type === 'fenced') decisions.push((JSON.parse(data.memo) as { decision: unknown }).decision)
    }
    expect(decisions).toMatchObject([
      {
        zone: 'America/Chicago,America/New_York',
        offset: [-360, -300],
        zoneBy: 'number',
        zoneData: numberZones().version,
      },
    ])
    await bench.end(engine)
  })
})

async function eventsOf(storage: Storage, jobId: string) {
  const page = await storage.events(jobId, 0, 1000)
  if (page.status === 'trimmed') throw new Error('trimmed')
  return page.events
}

const FLORIDA: RuleSet = {
  id: 'florida',
  version: '2021-07-01',
  source: 'a test',
  appliesTo: { prefixes: ['+1305', '+1850'] },
  window: '11:00-12:00',
}

describe('rule sets', () => {
  it('open and close for the numbers that they are for, besides the window of the job', async () => {
    const bench = zoned()
    const { engine, snapshot } = await run(bench, {
      contacts: to(NEW_YORK, MIAMI),
      window: '09:00-20:00',
      rules: [FLORIDA],
    })
    expect(firstCalls(bench)).toEqual({ [NEW_YORK]: '04T14:00', [MIAMI]: '04T16:00' })
    expect(snapshot.spec).toMatchObject({ rules: [{ id: 'florida', version: '2021-07-01' }] })
    await bench.end(engine)
  })

  it('count for a job that runs as soon as it has them, also where its lanes do not know of them', async () => {
    const bench = zoned()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: to(NEW_YORK, MIAMI), window: '09:00-20:00' }))
    await bench.clock.advance(7 * HOUR)
    await job.update({ rules: [FLORIDA] })
    await bench.clock.advance(17 * HOUR)
    expect(firstCalls(bench)).toEqual({ [NEW_YORK]: '04T14:00', [MIAMI]: '04T16:00' })
    await bench.end(engine)
  })

  it('count from their date on, also for those who wait already', async () => {
    const bench = zoned()
    const rules = [{ ...FLORIDA, effectiveFrom: '2027-01-05' }]
    const { engine } = await run(
      bench,
      {
        contacts: to(MIAMI),
        attempts: 2,
        retry: { answered: ['15h'] },
        successOutcomes: ['fax'],
        rules,
        window: '09:00-20:00',
      },
      60,
    )
    expect(bench.entries('placed').map(({ at }) => new Date(at).toISOString().slice(8, 16))).toEqual([
      '04T14:00',
      '05T16:00',
    ])
    await bench.end(engine)
  })

  it('are in the record of the decisions that they had a part in', async () => {
    const bench = zoned()
    const { engine, job } = await run(bench, { contacts: to(MIAMI), rules: [FLORIDA] })
    const fenced = (await eventsOf(bench.storage, job.id)).flatMap(({ data }) =>
      data.type === 'fenced' ? JSON.parse(data.memo).decision : [],
    )
    expect(fenced).toMatchObject([{ ruleSets: ['florida@2021-07-01'], zone: 'America/New_York' }])
    await bench.end(engine)
  })
})

/** People of a few zones: fictional numbers, 10,000 in each area code. */
function* crowd(count: number) {
  const areas = [212, 312, 303, 213, 305, 404, 713, 206]
  for (let i = 0; i < count; i++) {
    yield { phone: `+1${areas[i % areas.length]}555${String(Math.floor(i / areas.length) % 10_000).padStart(4, '0')}` }
  }
}

describe('an opening that is spread', () => {
  it('has calls begin evenly, in each zone from its opening on', async () => {
    const bench = zoned({ carrier: { setup: [10, 10], ring: [10, 10], talk: [10, 10] } })
    const { engine, snapshot } = await run(bench, { contacts: crowd(4_000), window: '09:00-20:00', spread: '15m' }, 14)
    expect(snapshot.tasks.succeeded).toBe(4_000)
    const byMinute = new Map<number, number>()
    for (const { at } of bench.entries('placed')) {
      const minute = Math.floor((at - MIDNIGHT) / MINUTE)
      byMinute.set(minute, (byMinute.get(minute) ?? 0) + 1)
    }
    // 212, 305 and 404 open at 14:00 UTC, 312 and 713 at 15:00, 303 at 16:00, 213 and 206 at 17:00: 500 people each.
    for (const [hour, people] of [
      [14, 1_500],
      [15, 1_000],
      [16, 500],
      [17, 1_000],
    ] as const) {
      const minutes = Array.from({ length: 15 }, (_, i) => byMinute.get(hour * 60 + i) ?? 0)
      expect(minutes.reduce((sum, n) => sum + n)).toBe(people)
      expect(Math.max(...minutes)).toBeLessThanOrEqual(Math.ceil(people / 15) + 1)
      expect(Math.min(...minutes)).toBeGreaterThanOrEqual(Math.floor(people / 15) - 1)
    }
    await bench.end(engine)
  })

  it('spreads those whose time comes while it is closed, and does not delay those who come later', async () => {
    const bench = zoned({ carrier: { setup: [10, 10], ring: [10, 10], talk: [10, 10] } })
    const contacts = [...crowd(320)].map(({ phone }) => ({
      phone,
      timezone: 'America/New_York',
      notBefore: '2027-01-05T03:00:00Z',
    }))
    const late = { phone: DENVER, timezone: 'America/New_York', notBefore: '2027-01-05T14:30:00Z' }
    const { engine } = await run(bench, { contacts: [...contacts, late], window: '09:00-20:00', spread: '16m' }, 40)
    const at = bench
      .entries('placed')
      .map((entry) => Math.floor((entry.at - Date.parse('2027-01-05T14:00:00Z')) / MINUTE))
    const counts = Array.from({ length: 16 }, (_, minute) => at.filter((one) => one === minute).length)
    expect(counts).toEqual(Array(16).fill(20))
    expect(at.at(-1)).toBe(30)
    await bench.end(engine)
  })

  it('can be lifted, and set, while the job runs', async () => {
    const bench = zoned({ carrier: { setup: [10, 10], ring: [10, 10], talk: [10, 10] } })
    const engine = await bench.started()
    const job = await engine.calls.create(
      bench.campaign({ contacts: crowd(160), window: '09:00-20:00', zoneBy: 'job', timezone: 'UTC', spread: '1h' }),
    )
    await bench.clock.advance(2 * HOUR)
    await job.update({ spread: null })
    await bench.clock.advance(HOUR + 2 * MINUTE)
    expect(bench.entries('placed')).toHaveLength(160)
    await bench.end(engine)
  })
})

describe('half a million people outside their hours', () => {
  it('cost a store nothing while they wait', { timeout: 240_000 }, async () => {
    let exchanges = 0
    const storage = withMethod(memoryStorage({ events: 1 }), 'exchange', (exchange) => (request) => {
      exchanges++
      return exchange(request)
    })
    const bench = zoned({ storage })
    const engine = await bench.started()
    function* everybody() {
      for (let i = 0; i < 500_000; i++) {
        const area = 201 + Math.floor(i / 10_000)
        yield {
          phone: `+1${area}555${String(i % 10_000).padStart(4, '0')}`,
          timezone: ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles'][i % 4],
        }
      }
    }
    const job = await engine.calls.create(
      bench.campaign({ contacts: everybody(), window: '09:00-20:00', rules: [FLORIDA], spread: '15m', concurrency: 1 }),
    )
    expect((await job.snapshot()).tasks.waiting).toBe(500_000)
    await bench.clock.advance(1000)
    const before = exchanges
    await bench.clock.advance(7 * HOUR)
    // No more than an engine with nothing to do asks.
    expect(exchanges - before).toBeLessThan(7 * 60)
    expect(bench.entries('placed')).toHaveLength(0)
    await bench.clock.advance(HOUR - 2000)
    expect(bench.entries('placed')).toHaveLength(0)
    await bench.clock.advance(MINUTE)
    expect(bench.entries('placed').length).toBeGreaterThan(0)
    await engine.abandon()
  })
})
