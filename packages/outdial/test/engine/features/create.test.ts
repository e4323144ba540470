import { type ContactSource, isOutdialError } from 'outdial'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { Bench, FROM, MINUTE, people, phone, SECOND } from '../support/bench.js'

const code = (error: unknown) => (isOutdialError(error) ? error.code : String(error))

async function* lazily<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield item
}

describe('creating a campaign', () => {
  it.each([
    ['an array', () => people(7)],
    ['an iterable', () => new Set(people(7))],
    ['an async iterable', () => lazily(people(7))],
  ])('reads its contacts from %s', async (_, contacts) => {
    const bench = new Bench()
    const job = await bench.engine().calls.create(bench.campaign({ contacts: contacts() }))
    expect(job.intake).toMatchObject({ read: 7, accepted: 7, rejectedRows: 0, duplicateRows: 0 })
    expect((await job.snapshot()).tasks).toMatchObject({ total: 7, waiting: 7 })
  })

  it('drops bad and double rows and reports each', async () => {
    const bench = new Bench()
    const rows = [{ phone: phone(1) }, { phone: 'nonsense' }, { phone: phone(1) }, {}, { phone: phone(2) }]
    const seen: string[] = []
    const job = await bench
      .engine()
      .calls.create(bench.campaign({ contacts: rows, onRow: ({ row, status }) => seen.push(`${row} ${status}`) }))
    expect(job.intake).toMatchObject({ read: 5, accepted: 2, rejectedRows: 2, duplicateRows: 1 })
    expect(job.intake.duplicates).toMatchObject([{ row: 3, code: 'phone_duplicate' }])
    expect(seen.toSorted()).toEqual(['1 accepted', '2 rejected', '3 duplicate', '4 rejected', '5 accepted'])
  })

  it('creates nothing of a file with a bad row when all were asked for', async () => {
    const bench = new Bench()
    const engine = bench.engine()
    const options = bench.campaign({
      contacts: [...people(3), { phone: 'nonsense' }],
      rows: 'all',
      idempotencyKey: 'one',
    })
    const error = await engine.calls.create(options).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'invalid_rows', details: { row: 4 } })
    expect((await engine.calls.list()).items).toEqual([])
    expect((await engine.calls.create({ ...options, contacts: people(3) })).replayed).toBe(false)
  })

  describe('asked for twice at the same time', () => {
    /** People of whom the last is not known before `open` resolves. */
    async function* held(open: Promise<void>) {
      yield* people(2)
      await open
      yield { phone: phone(2) }
    }

    it('makes one job, and tells both of it', async () => {
      const bench = new Bench()
      const engines = [bench.engine(), bench.engine()] as const
      const same = (contacts: ContactSource) => bench.campaign({ contacts, idempotencyKey: 'same', start: 'draft' })
      let open = () => {}
      const gate = new Promise<void>((resolve) => {
        open = resolve
      })
      const first = engines[0].calls.create(same(held(gate)))
      await bench.clock.advance(SECOND)
      const second = await engines[1].calls.create(same(people(3)))
      open()
      await bench.clock.advance(SECOND)
      expect(await first).toMatchObject({ id: second.id, replayed: true, intake: second.intake })
      expect((await engines[0].calls.list()).items).toHaveLength(1)
    })

    it('tells the first when the second came to nothing', async () => {
      const bench = new Bench()
      const engine = bench.engine()
      const same = (contacts: ContactSource) => bench.campaign({ contacts, idempotencyKey: 'same', start: 'draft' })
      let open = () => {}
      const gate = new Promise<void>((resolve) => {
        open = resolve
      })
      const first = engine.calls.create(same(held(gate))).catch(code)
      await bench.clock.advance(SECOND)
      void bench.engine().calls.create(same(held(new Promise(() => {}))))
      await bench.clock.advance(SECOND)
      open()
      await bench.clock.advance(2 * MINUTE)
      expect(await first).toBe('batch_discarded')
      expect(await engine.calls.create(same(people(3)))).toMatchObject({ replayed: false, intake: { accepted: 3 } })
    })
  })

  it('refuses a list without one contact', async () => {
    const bench = new Bench()
    const engine = bench.engine()
    expect(await engine.calls.create(bench.campaign({ contacts: [{ phone: 'x' }] })).catch(code)).toBe('no_contacts')
    expect((await engine.calls.create(bench.campaign({ contacts: [], keepOpen: true }))).intake.accepted).toBe(0)
  })

  it.each([
    [{ cps: 0 }, 'cps'],
    [{ concurrency: 1.5 }, 'concurrency'],
    [{ from: 'nobody' }, 'from'],
    [{ from: [FROM, 'nobody'] }, 'from[1]'],
    [{ retry: { busy: ['1m'], answered: ['5m'] } }, 'retry.answered'],
    [{ window: 'mon-fri 20:00-09:00' }, 'window'],
    [{ expires: '2001-01-01T00:00:00Z' }, 'expires'],
    [{ timezone: 'Mars/Olympus' }, 'timezone'],
    [{ attempst: 3 }, 'attempst'],
  ])('refuses %j and names the option', async (wrong, field) => {
    const bench = new Bench()
    const error = await bench
      .engine()
      .calls.create(bench.campaign(wrong as object))
      .catch((thrown) => thrown)
    expect(isOutdialError(error) && error.details.field).toBe(field)
  })

  it('makes one job of a repeated request, also long afterwards, and refuses another one with its key', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const options = bench.campaign({
      contacts: people(3),
      idempotencyKey: 'key',
      expires: bench.clock.now() + 10 * MINUTE,
    })
    const first = await engine.calls.create(options)
    await bench.clock.advance(60 * MINUTE)
    const again = await bench.engine().calls.create(options)
    expect({ id: again.id, replayed: again.replayed, intake: again.intake }).toEqual({
      id: first.id,
      replayed: true,
      intake: first.intake,
    })
    expect(bench.entries('placed')).toHaveLength(3)
    expect(await engine.calls.create({ ...options, attempts: 2 }).catch(code)).toBe('idempotency_conflict')
    expect((await engine.calls.create({ ...options, organization: 'other', expires: '2030-01-01' })).id).not.toBe(
      first.id,
    )
    await bench.end(engine)
  })

  it('appends once for a key, and knows the numbers that are there', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(2), keepOpen: true }))
    const added = await job.append(people(4), { idempotencyKey: 'more' })
    expect(added).toMatchObject({ replayed: false, intake: { accepted: 2, duplicateRows: 2 } })
    expect(await job.append(people(9), { idempotencyKey: 'more' })).toMatchObject({
      replayed: true,
      intake: { accepted: 2 },
    })
    await bench.clock.advance(5 * MINUTE)
    expect(await job.snapshot()).toMatchObject({ state: 'running', tasks: { total: 4, succeeded: 4 } })
    await job.close()
    expect((await job.snapshot()).state).toBe('completed')
    expect(await job.append(people(1)).catch(code)).toBe('illegal_transition')
    await bench.end(engine)
  })

  it('carries checked variables to the carrier, the events and the results', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const seen: unknown[] = []
    bench.carrier.setOutcomes(({ variables }) => {
      seen.push(variables)
      return 'answered'
    })
    const variables = z.object({ name: z.string(), debt: z.coerce.number() })
    const contacts = [
      { phone: phone(1), name: 'Ada Example', debt: '12.5' },
      { phone: phone(2), name: 'Bob Example', debt: 'much' },
    ]
    const job = await engine.calls.create({ ...bench.campaign(), contacts, variables })
    expect(job.intake.rejected).toMatchObject([{ row: 2, column: 'debt', code: 'variables_invalid' }])
    job.on('task.ended', ({ task }) => seen.push(task.variables.debt.toFixed(2)))
    await bench.clock.advance(MINUTE)
    expect(seen).toEqual([{ name: 'Ada Example', debt: 12.5 }, '12.50'])
    expect((await job.task(phone(1))).variables.name).toBe('Ada Example')
    await bench.end(engine)
  })
})

describe('what a contact says itself', () => {
  it('goes before what the job says: attempts, caller id, agent, not before, priority', async () => {
    const bench = new Bench({ carrier: { outcomes: { busy: 1 } } })
    const engine = await bench.started()
    const agents: unknown[] = []
    bench.carrier.setOutcomes(({ to, agent }) => {
      agents.push(`${to} ${agent}`)
      return 'busy'
    })
    const contacts = [
      { phone: phone(1), attempts: 1 },
      { phone: phone(2), callerId: '+13035550177', agent: 'night' },
      { phone: phone(3), notBefore: new Date(bench.clock.now() + 30 * MINUTE).toISOString(), attempts: 1 },
      { phone: phone(4), priority: 10, attempts: 1 },
    ]
    await engine.calls.create(
      bench.campaign({ contacts, agent: 'day', attempts: 2, concurrency: 1, retry: { busy: ['1m'] } }),
    )
    await bench.clock.advance(60 * MINUTE)
    const calls = bench
      .entries('placed')
      .map(({ to, from, at }) => [to, from, Math.floor((at - bench.clock.start) / MINUTE)])
    expect(calls[0]?.[0]).toBe(phone(4))
    expect(calls.filter(([to]) => to === phone(1))).toHaveLength(1)
    expect(calls.filter(([to]) => to === phone(2)).map(([, from]) => from)).toEqual(['+13035550177', '+13035550177'])
    expect(calls.find(([to]) => to === phone(3))?.[2]).toBe(30)
    expect(agents).toContain(`${phone(2)} night`)
    expect(agents).toContain(`${phone(1)} day`)
    await bench.end(engine)
  })

  it('takes the first caller id of a pool that has room', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const [one, two] = ['+13035550101', '+13035550102']
    await engine.setLimits({ organization: 'default', callerId: one as string }, { concurrency: 2 })
    await engine.setLimits({ organization: 'default', callerId: two as string }, { concurrency: 1 })
    await engine.calls.create(bench.campaign({ contacts: people(9), from: [one as string, two as string] }))
    await bench.clock.advance(30 * MINUTE)
    expect(bench.carrier.ledger.maxLive({ by: 'from' })).toEqual(
      new Map([
        [one, 2],
        [two, 1],
      ]),
    )
    expect(bench.entries('placed')).toHaveLength(9)
    await bench.end(engine)
  })
})

describe('the same request with an idempotency key', () => {
  it('should be the same whatever the order of its keys, at any depth', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const campaign = { ...bench.campaign(), idempotencyKey: 'order-1', attempts: 3 }
    const one = await engine.calls.create({ ...campaign, retry: { busy: ['5m'], no_answer: ['30m'] } })
    const two = await engine.calls.create({ ...campaign, retry: { no_answer: ['30m'], busy: ['5m'] } })
    expect([two.id, two.replayed]).toEqual([one.id, true])
    await bench.end(engine)
  })
})

describe('what a transport keeps with a job', () => {
  it('takes its own word for whether two requests are the same', async () => {
    const bench = new Bench()
    const engine = bench.engine()
    const campaign = { ...bench.campaign(), idempotencyKey: 'order-1', fingerprint: 'digest one' }
    const job = await engine.calls.create(campaign)
    expect(await engine.calls.create({ ...campaign, attempts: 3 })).toMatchObject({ id: job.id, replayed: true })
    const other = engine.calls.create({ ...campaign, fingerprint: 'digest two' })
    expect(await other.catch(code)).toBe('idempotency_conflict')
    await bench.end(engine)
  })

  it('gives metadata back, up to 64 KiB of JSON', async () => {
    const bench = new Bench()
    const engine = bench.engine()
    const metadata = { text: 'x'.repeat(65_536 - 11) }
    const job = await engine.calls.create(bench.campaign({ metadata }))
    expect((await job.snapshot()).metadata).toEqual(metadata)
    for (const wrong of [{ text: `${metadata.text}x` }, { at: () => 1 }]) {
      const refused = engine.calls.create(bench.campaign({ metadata: wrong }))
      await expect(refused).rejects.toMatchObject({ code: 'invalid_options' })
    }
    await bench.end(engine)
  })
})
