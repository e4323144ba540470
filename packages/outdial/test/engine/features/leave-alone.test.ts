import type { ExchangeReply } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, phone, SECOND, withMethod } from '../support/bench.js'

const to = (bench: Bench) => bench.entries('placed').map((entry) => entry.to)

describe('an outcome that suppresses', () => {
  it('counts at once for all campaigns of the organization, also for contacts that are claimed', async () => {
    const bench = new Bench({ carrier: { outcomes: { unwanted: 1 } } })
    let act: (() => Promise<unknown>) | undefined
    const storage = withMethod(bench.storage, 'exchange', (exchange) => async (request) => {
      const reply: ExchangeReply = await exchange(request)
      const run = reply.claims.some(({ jobId }) => jobId === other.id) ? act : undefined
      act = run ? undefined : act
      await run?.()
      return reply
    })
    const engine = await bench.started(storage)
    const first = await engine.calls.create(bench.campaign({ start: 'draft' }))
    const other = await engine.calls.create(bench.campaign({ name: 'Other', start: 'draft', contacts: people(2) }))
    const foreign = await engine.calls.create(bench.campaign({ organization: 'acme', start: 'draft' }))
    // The other campaign has claimed its contacts when the first call ends, and is not let on before.
    const second = bench.engine()
    act = async () => {
      await second.start()
      await first.start()
      await bench.clock.advance(MINUTE)
    }
    await other.start()
    await bench.clock.advance(5 * MINUTE)
    expect(await first.task(0)).toMatchObject({ state: 'failed', reason: 'unwanted' })
    expect(await other.task(0)).toMatchObject({ state: 'skipped', reason: 'suppressed', calls: [] })
    await foreign.start()
    await bench.clock.advance(5 * MINUTE)
    // Another organization has not been told anything.
    expect(to(bench)).toEqual([phone(0), phone(1), phone(0)])
    expect(await engine.suppression.check([phone(0), phone(5)], { organization: 'default' })).toEqual([
      { number: phone(0), lists: [{ scope: { organization: 'default' }, reason: 'unwanted' }] },
      { number: phone(5), lists: [] },
    ])
    await bench.end(engine)
    await bench.end(second)
  })

  it('is what the job says, and no other', async () => {
    const bench = new Bench({ carrier: { outcomes: { rejected: 1 } } })
    const engine = await bench.started()
    const suppressAfter = [{ outcome: 'rejected', list: 'job' }] as const
    const job = await engine.calls.create(
      bench.campaign({ suppressAfter, attempts: 3, retry: { rejected: ['1m'] }, keepOpen: true }),
    )
    await bench.clock.advance(10 * MINUTE)
    expect(await job.task(0)).toMatchObject({ state: 'skipped', reason: 'suppressed' })
    expect((await engine.suppression.describe({ job: job.id })).size).toBe(1)
    await job.update({ suppressAfter: [] })
    await job.append([{ phone: phone(1) }])
    await bench.clock.advance(10 * MINUTE)
    expect(await job.task(1)).toMatchObject({ state: 'failed' })
    expect(to(bench)).toEqual([phone(0), phone(1), phone(1)])
    await bench.end(engine)
  })

  it('that comes to light late suppresses too', async () => {
    const bench = new Bench({ carrier: { outcomes: { answered: 1 } } })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(MINUTE)
    const { ref } = (await job.task(0)).calls[0] as { ref: string }
    const webhook = withWebhook(bench, ref)
    await webhook()
    expect((await job.task(0)).calls).toMatchObject([{ outcome: 'unwanted' }])
    expect((await engine.suppression.describe({ organization: 'default' })).size).toBe(1)
    await bench.end(engine)

    function withWebhook({ carrier }: Bench, about: string) {
      carrier.parseWebhook = async () => [{ ref: about, type: 'ended', outcome: 'unwanted' }]
      return () => engine.webhook('sim', { headers: {}, body: '' } as never)
    }
  })
})

describe('whoever opted out', () => {
  it('stays so when the contacts are imported again', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ keepOpen: true }))
    await bench.clock.advance(10 * SECOND)
    await engine.calls.report((await job.task(0)).liveCall as string, { optOut: { reason: 'never again' } })
    await bench.clock.advance(MINUTE)
    const again = await engine.calls.create(bench.campaign({ name: 'Again', contacts: people(2) }))
    await job.close()
    await job.finished()
    await job.delete()
    const third = await engine.calls.create(bench.campaign({ name: 'Third', contacts: people(2), keepOpen: true }))
    await bench.clock.advance(MINUTE)
    await third.append(people(2))
    await bench.clock.advance(MINUTE)
    for (const one of [again, third]) {
      expect(await one.task(0)).toMatchObject({ state: 'skipped', reason: 'suppressed', calls: [] })
    }
    expect(to(bench)).toEqual([phone(0), phone(1), phone(1)])
    // Said again, it counts again, though somebody has taken the number off.
    const last = (await third.task(1)).calls[0]?.ref as string
    const scope = { organization: 'default' }
    await engine.calls.report(last, { optOut: true })
    await engine.suppression.remove([phone(1)], scope)
    expect((await engine.suppression.describe(scope)).size).toBe(1)
    expect(await engine.calls.report(last, { optOut: true })).toMatchObject({ recorded: false })
    expect((await engine.suppression.describe(scope)).size).toBe(2)
    await engine.suppression.remove([phone(1)], scope)
    const entries = []
    for await (const entry of engine.suppression.entries({ organization: 'default' })) entries.push(entry)
    expect(entries).toEqual([{ number: phone(0), reason: 'opt_out: never again' }])
    await bench.end(engine)
  })
})

describe('a cool-down', () => {
  it('counts for all campaigns of the organization, and ends', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    await engine.calls.create(bench.campaign({ cooldowns: [{ after: ['answered'], wait: '6h' }] }))
    await bench.clock.advance(MINUTE)
    const ended = bench.entries('ended')[0]?.at as number
    const deferred: unknown[] = []
    engine.on('task.deferred', ({ task, until, reasons }) => deferred.push([task.organization, until, reasons]))
    const other = await engine.calls.create(bench.campaign({ name: 'Other' }))
    await engine.calls.create(bench.campaign({ name: 'Foreign', organization: 'acme' }))
    await bench.clock.advance(MINUTE)
    expect(await other.task(0)).toMatchObject({ state: 'waiting', calls: [] })
    const { waitUntil = 0 } = await other.task(0)
    expect(waitUntil - ended).toBeGreaterThanOrEqual(6 * HOUR)
    expect(waitUntil - ended).toBeLessThan(6 * HOUR + SECOND)
    expect(deferred).toEqual([['default', waitUntil, ['cooldown']]])
    expect(bench.placedAt).toHaveLength(2)
    await bench.clock.advance(6 * HOUR)
    expect(await other.task(0)).toMatchObject({ state: 'succeeded' })
    expect(bench.placedAt.at(-1)).toBeGreaterThanOrEqual(waitUntil - bench.clock.start)
    await bench.end(engine)
  })

  it('puts off the contact’s own retry, and the callback that somebody wishes', async () => {
    const bench = new Bench({ carrier: { outcomes: { no_answer: 1 } } })
    const engine = await bench.started()
    const retrying: unknown[] = []
    engine.on('task.retrying', ({ at }) => retrying.push(at - bench.clock.start))
    const cooldowns = [{ after: ['no_answer'], wait: '3h' }] as const
    const job = await engine.calls.create(bench.campaign({ cooldowns, attempts: 3, retry: { no_answer: ['5m'] } }))
    await bench.clock.advance(10 * MINUTE)
    const { waitUntil = 0, calls } = await job.task(0)
    expect(retrying).toEqual([waitUntil - bench.clock.start])
    expect(waitUntil).toBeGreaterThanOrEqual(bench.clock.start + 3 * HOUR)
    const { callback } = await engine.calls.report(calls[0]?.ref as string, { callback: bench.clock.now() + HOUR })
    expect(callback?.status).toBe('scheduled')
    await bench.clock.advance(3 * HOUR - 10 * MINUTE)
    expect(bench.placedAt).toHaveLength(1)
    await bench.clock.advance(HOUR)
    expect(bench.placedAt).toHaveLength(2)
    await bench.end(engine)
  })

  it('begins with a word of the agent, for the person and not the number alone', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const identify = { person: 'customer' }
    const cooldowns = [{ dispositions: ['refused'], wait: '5h', per: 'contact' }] as const
    const contacts = [
      { phone: phone(0), customer: 'c1' },
      { phone: phone(1), customer: 'c2' },
    ]
    const job = await engine.calls.create(bench.campaign({ identify, cooldowns, contacts }))
    await bench.clock.advance(10 * SECOND)
    await engine.calls.report((await job.task(0)).liveCall as string, { disposition: 'refused' })
    await engine.calls.report((await job.task(1)).liveCall as string, { disposition: 'interested' })
    await bench.clock.advance(MINUTE)
    const elsewhere = contacts.map(({ customer }, i) => ({ phone: phone(5 + i), customer }))
    const other = await engine.calls.create(bench.campaign({ name: 'Other', identify, contacts: elsewhere }))
    await bench.clock.advance(4 * HOUR)
    expect(await other.task(0)).toMatchObject({ state: 'waiting', calls: [] })
    expect(await other.task(1)).toMatchObject({ state: 'succeeded' })
    await bench.clock.advance(2 * HOUR)
    expect(await other.task(0)).toMatchObject({ state: 'succeeded' })
    await bench.end(engine)
  })

  it('per subject counts for calls about nothing named, whatever the rules of their campaign', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const cooldowns = [{ after: ['answered'], wait: '7d', per: 'subject' }] as const
    await engine.calls.create(bench.campaign({ cooldowns }))
    await bench.clock.advance(5 * MINUTE)
    const next = await engine.calls.create(bench.campaign({ name: 'Next' }))
    await bench.clock.advance(5 * MINUTE)
    expect(bench.entries('placed')).toHaveLength(1)
    await bench.clock.advance(7 * 24 * HOUR)
    expect(await next.task(0)).toMatchObject({ state: 'succeeded' })
    await bench.end(engine)
  })
})
