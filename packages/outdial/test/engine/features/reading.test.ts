import { csvCell, isOutdialError, type JobLogEntry } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, phone, SECOND } from '../support/bench.js'

const code = (error: unknown) => (isOutdialError(error) ? error.code : String(error))

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('reading a campaign', () => {
  it('gives its contacts in pages, by state', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(10), concurrency: 2 }))
    await bench.clock.advance(SECOND)
    const active = await job.taskPage({ states: ['active'] })
    expect(active.items.map(({ index, state }) => [index, state])).toEqual([
      [0, 'active'],
      [1, 'active'],
    ])
    expect(active.items[0]?.liveCall).toMatch(/:0:1:/)
    const indexes: number[] = []
    let cursor: string | undefined
    do {
      const page = await job.taskPage({ states: ['waiting'], max: 3, ...(cursor !== undefined && { cursor }) })
      expect(page.items.length).toBeLessThanOrEqual(3)
      indexes.push(...page.items.map(({ index }) => index))
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(indexes).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
    await bench.end(engine)
  })

  it('tells how many of the waiting contacts have been tried', async () => {
    const bench = new Bench({ carrier: { outcomes: { busy: 1 } } })
    const engine = await bench.started()
    const job = await engine.calls.create(
      bench.campaign({ contacts: people(5), concurrency: 1, attempts: 2, retry: { busy: ['10m'] } }),
    )
    expect((await job.snapshot()).tasks).toMatchObject({ waiting: 5, deferred: 0 })
    await bench.clock.advance(2.5 * SECOND)
    expect((await job.snapshot()).tasks).toMatchObject({ waiting: 4, deferred: 2, active: 1 })
    await job.cancel()
    expect((await job.snapshot()).tasks).toMatchObject({ waiting: 0, deferred: 0, canceled: 4 })
    await bench.end(engine)
  })

  it('writes results that no spreadsheet runs, and keeps the plus of a number', async () => {
    const bench = new Bench({ carrier: { outcomes: { answered: 1 } } })
    const engine = await bench.started()
    const contacts = [{ phone: phone(1), note: '=HYPERLINK("https://evil.example")', externalId: '-1+2' }]
    const job = await engine.calls.create(bench.campaign({ contacts }))
    await bench.clock.advance(MINUTE)
    const lines = await all(job.results('csv'))
    expect(lines[0]).toMatch(/^row,phone,.*,note\r\n$/)
    expect(lines[1]).toContain(`1,${phone(1)},'-1+2,succeeded,answered,answered,1,2027-01-04T14:00:00.000Z`)
    expect(lines[1]).toContain(`"'=HYPERLINK(""https://evil.example"")"`)
    const [json] = await all(job.results('jsonl'))
    expect(JSON.parse(json as string)).toMatchObject({
      phone: phone(1),
      state: 'succeeded',
      calls: [{ outcome: 'answered' }],
    })
    expect(csvCell('@SUM(A1)')).toBe("'@SUM(A1)")
    await bench.end(engine)
  })

  it('replays its log from any point, follows it to the end, and says when it was trimmed', async () => {
    const bench = new Bench({ events: 20 })
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign({ contacts: people(2), concurrency: 1 }))
    const followed: JobLogEntry[] = []
    const following = (async () => {
      for await (const entry of job.log({ follow: true })) followed.push(entry)
    })()
    await bench.clock.advance(3 * MINUTE)
    await following
    expect(followed.map(({ seq }) => seq)).toEqual(followed.map((_, i) => i + 1))
    expect(followed.at(-1)).toMatchObject({ type: 'job', state: 'completed' })
    expect(await all(job.log({ after: 4 }))).toEqual(followed.slice(4))

    const long = await engine.calls.create(bench.campaign({ contacts: people(30), name: 'Long' }))
    await bench.clock.advance(10 * MINUTE)
    const [trimmed, ...rest] = await all(long.log())
    expect(trimmed).toMatchObject({ type: 'trimmed', job: { state: 'completed', tasks: { succeeded: 30 } } })
    expect(rest).toEqual([])
    await bench.end(engine)
  })

  it('lists campaigns, and deletes ended ones', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const jobs = []
    for (let i = 0; i < 5; i++)
      jobs.push(await engine.calls.create(bench.campaign({ name: `Job ${i}`, organization: i === 4 ? 'b' : 'a' })))
    const first = await engine.calls.list({ organization: 'a', max: 3 })
    expect(first.items.map(({ name }) => name)).toEqual(['Job 0', 'Job 1', 'Job 2'])
    const rest = await engine.calls.list({ organization: 'a', max: 3, cursor: first.cursor as string })
    expect(rest.items.map(({ name }) => name)).toEqual(['Job 3'])
    const [one] = jobs
    expect(await one?.delete().catch(code)).toBe('job_not_ended')
    await bench.clock.advance(MINUTE)
    expect((await engine.calls.list({ states: ['completed'] })).items).toHaveLength(5)
    await one?.delete()
    await one?.delete()
    expect(await one?.snapshot().catch(code)).toBe('job_not_found')
    expect(await engine.calls.get(one?.id ?? '')).toBeUndefined()
    await bench.end(engine)
  })

  it('waits for the end, and stops waiting when told', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign())
    const stop = new AbortController()
    const aborted = job.finished({ signal: stop.signal }).catch(code)
    const ended = job.finished()
    stop.abort()
    await bench.clock.advance(MINUTE)
    expect(await aborted).toBe('aborted')
    expect((await ended).state).toBe('completed')
    expect((await job.finished()).state).toBe('completed')
    await bench.end(engine)
  })

  it('waits no longer when its engine is stopped, unless the job has ended', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const ended = await engine.calls.create(bench.campaign())
    await bench.clock.advance(MINUTE)
    const going = await engine.calls.create(bench.campaign({ contacts: people(50), cps: 0.1 }))
    const waiting = going.finished().catch(code)
    await bench.end(engine)
    expect(await waiting).toBe('engine_stopped')
    expect(await going.finished().catch(code)).toBe('engine_stopped')
    expect((await ended.finished()).state).toBe('completed')
  })
})

describe('what an agent reports', () => {
  it('is kept once, during the call or after it', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign())
    const heard: unknown[] = []
    engine.on('call.reported', ({ disposition }) => heard.push(disposition))
    await bench.clock.advance(10 * SECOND)
    const ref = (await job.task(0)).liveCall as string
    expect(await engine.calls.report(ref, { disposition: 'interested' })).toEqual({ recorded: true })
    expect(await engine.calls.report(ref, { disposition: 'interested' })).toEqual({ recorded: false })
    await bench.clock.advance(MINUTE)
    expect(await engine.calls.report(ref, { id: '2', disposition: 'opted out', data: { by: 'voice' } })).toEqual({
      recorded: true,
    })
    expect(heard).toEqual([{ disposition: 'interested' }, { disposition: 'opted out', data: { by: 'voice' } }])
    expect(await engine.calls.report('nothing', {}).catch(code)).toBe('call_not_found')
    await bench.end(engine)
    expect(await engine.calls.report(ref, { id: '3' }).catch(code)).toBe('engine_stopped')
  })

  it('is taken by an engine that has not been started', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(HOUR)
    const { calls } = await job.task(0)
    const other = bench.engine()
    expect(await other.calls.report(calls[0]?.ref as string, { disposition: 'angry' })).toEqual({ recorded: true })
    await other.stop()
    await bench.end(engine)
  })
})
