import { describe, expect, it } from 'vitest'
import { Channel } from '../../src/engine/channel.js'
import { Dispatcher } from '../../src/engine/dispatcher.js'
import type { Ready, Returned, Runner } from '../../src/engine/runner.js'
import type { ClaimedGroup, ClaimedTask, ExchangeReply, Fenced, JobRecord, Report } from '../../src/index.js'
import { JobCache } from '../../src/jobs/job-cache.js'
import type { JobContext } from '../../src/jobs/spec.js'
import { bench } from './support/bench.js'
import { fence, ScriptedStore } from './support/scripted-store.js'

/** Begins every task, and keeps what it was asked; a test makes it say something else. */
class Crew implements Runner {
  readonly route = 'sim'
  atOnce = 3
  readonly heard: string[] = []
  readonly startable: (() => boolean)[] = []
  readonly answered: (() => void)[] = []
  readonly #now: () => number
  /** What is said of a claim instead of beginning it. */
  readonly verdicts: Map<string, Returned | Error> = new Map()

  constructor(now: () => number) {
    this.#now = now
  }
  decide(job: JobContext, { claim }: ClaimedTask, now: number): { begin: Ready } | Returned {
    this.heard.push(`decide ${job.id} ${claim} ${now}`)
    const verdict = this.verdicts.get(claim)
    if (verdict instanceof Error) throw verdict
    return verdict ?? { begin: { fence: fence(claim) } }
  }
  refused(job: JobContext, _begin: Ready, reasons: readonly string[], retryAt: number, now: number): Returned {
    this.heard.push(`refused ${job.id} ${reasons} ${retryAt} ${now}`)
    return { next: { waitUntil: retryAt, reasons } }
  }
  start(
    job: JobContext,
    _begin: Ready,
    { ref }: Extract<Fenced, { status: 'fenced' }>,
    startable: () => boolean,
    answered: () => void,
  ): void {
    this.heard.push(`start ${job.id} ${ref} ${this.#now()} ${startable()}`)
    this.startable.push(startable)
    this.answered.push(answered)
  }
}

function office(getJob: () => Promise<unknown> = () => Promise.resolve(undefined)) {
  const store = new ScriptedStore(10)
  const here = bench({ ...store.methods(), getJob: getJob as () => Promise<JobRecord | undefined> })
  store.now = here.now
  const jobs = new JobCache(here.host.storage)
  const dispatcher = new Dispatcher(here.host, jobs)
  const channel = new Channel(here.host, dispatcher, { durable: false })
  const crew = new Crew(here.now)
  dispatcher.attach(channel, [crew])
  dispatcher.start()
  jobs.learn(job('j1'))
  /** What was given back, with the instant at which it was said. */
  const returned = () =>
    store.exchanges.flatMap(({ reports, at }) =>
      reports
        .filter((report): report is Extract<Report, { kind: 'return' }> => report.kind === 'return')
        .map(({ claim, next }) => ({ at, claim, next })),
    )
  const wanted = () => store.exchanges.map(({ claims }) => claims.map(({ max }) => max))
  return { ...here, store, jobs, dispatcher, channel, crew, returned, wanted }
}

const job = (id: string) => ({ id, organization: 'org', route: 'sim', revision: 1, spec: '{}' }) as unknown as JobRecord

const claims = (names: string, more: Partial<ClaimedGroup> = {}): Partial<ExchangeReply> => ({
  claims: [
    {
      jobId: 'j1',
      route: 'sim',
      revision: 1,
      leaseUntil: 10_000,
      tasks: names.split(' ').map((claim, index) => ({ claim, index, attempts: 0, payload: '' })),
      ...more,
    },
  ],
})

const fenced = (ref: string, startAt: number, startBy: number): Partial<ExchangeReply> => ({
  fences: [{ status: 'fenced', ref, attempt: 1, choice: -1, startAt, startBy }],
})

const refused = (retryAt: number): Partial<ExchangeReply> => ({
  fences: [{ status: 'refused', reasons: ['cps'], retryAt }],
})

describe('a dispatcher', () => {
  it('claims as many as can begin, for ten seconds, less what it holds and what is being started', async () => {
    const { channel, store, crew, clock, dispatcher } = office()
    store.answers.push(claims('a b'), {
      fences: [fenced('A', 0, 2000), fenced('B', 0, 2000)].flatMap((f) => f.fences ?? []),
    })
    channel.start()
    await clock.advance(0)
    expect(store.exchanges[0]?.claims).toEqual([{ route: 'sim', max: 3, leaseMs: 10_000 }])
    expect(store.exchanges[1]?.claims).toEqual([{ route: 'sim', max: 1, leaseMs: 10_000 }])
    expect(crew.answered).toHaveLength(2)
    expect(dispatcher.wanted()).toMatchObject([{ max: 1 }])
    crew.answered[0]?.()
    expect(dispatcher.wanted()).toMatchObject([{ max: 2 }])
    crew.atOnce = 1
    expect(dispatcher.wanted()).toEqual([])
    crew.answered[1]?.()
    crew.atOnce = 64
    expect(dispatcher.wanted()).toMatchObject([{ max: 10 }])
    await channel.stop()
  })

  it('starts at the instant that was granted, and not after its last one, counted from before it asked', async () => {
    const { channel, store, crew, clock } = office()
    const slow = new Promise<Partial<ExchangeReply>>(
      (resolve) => void clock.setTimeout(() => resolve({ now: 300, ...fenced('A', 500, 2300) }), 400),
    )
    store.answers.push(claims('a'), slow)
    channel.start()
    await clock.advance(599)
    expect(crew.heard).toEqual(['decide j1 a 0'])
    await clock.advance(1)
    // 200 ms after the reply; asked at 0, and the reply leaves 2000 ms.
    expect(crew.heard).toEqual(['decide j1 a 0', 'start j1 A 600 true'])
    await clock.advance(1400)
    expect(crew.startable[0]?.()).toBe(true)
    await clock.advance(1)
    expect(crew.startable[0]?.()).toBe(false)
    await channel.stop()
  })

  it('starts at once what may start now', async () => {
    const { channel, store, crew, clock } = office()
    clock.setTimeout = () => {
      throw new Error('there is nothing to wait for')
    }
    store.answers.push(claims('a'), fenced('A', 0, 2000))
    channel.start()
    await clock.advance(0)
    expect(crew.heard).toEqual(['decide j1 a 0', 'start j1 A 0 true'])
    await channel.stop()
  })

  it('gives back what its runner does not begin, and tells of it once that is stored', async () => {
    const { channel, store, crew, clock, returned, dispatcher } = office()
    const tell = (claim: string) => () => void crew.heard.push(`told ${claim}`)
    crew.verdicts.set('a', { next: { terminal: 'expired', reason: 'late' }, tell: tell('a') })
    crew.verdicts.set('b', { next: { waitUntil: 5 }, tell: tell('b') })
    crew.verdicts.set('c', { next: { waitUntil: 6 } })
    store.answers.push(claims('a b c'), { reports: ['applied', 'stale', 'applied'] })
    channel.start()
    await clock.advance(0)
    expect(returned().map(({ claim, next }) => [claim, next])).toEqual([
      ['a', { terminal: 'expired', reason: 'late' }],
      ['b', { waitUntil: 5 }],
      ['c', { waitUntil: 6 }],
    ])
    expect(crew.heard.filter((line) => line.startsWith('told'))).toEqual(['told a'])
    expect(dispatcher.wanted()).toMatchObject([{ max: 3 }])
    await channel.stop()
  })

  it('puts a task that makes no sense off for a minute, says why, and goes on with the others', async () => {
    const { channel, store, crew, clock, returned, mistakes } = office()
    crew.verdicts.set('a', new Error('no sense'))
    store.answers.push({ now: 7, ...claims('a b') })
    channel.start()
    await clock.advance(0)
    expect(mistakes).toEqual([new Error('no sense')])
    expect(returned()).toMatchObject([{ claim: 'a', next: { waitUntil: 60_007, reasons: ['undecided'] } }])
    expect(store.exchanges.flatMap(({ fences }) => fences.map(({ claim }) => claim))).toEqual(['b'])
    await channel.stop()
  })

  it('gives a claim back whose refusal its runner cannot take, says why, and goes on with the others', async () => {
    const { channel, store, crew, clock, returned, mistakes, dispatcher } = office()
    const { refused: takes } = crew
    crew.refused = (...args) => {
      const returned = takes.apply(crew, args)
      if (args[1].fence.claim === 'a') throw new Error('no sense')
      return returned
    }
    store.answers.push(claims('a b'), {
      now: 7,
      fences: [refused(9000), refused(9000)].flatMap(({ fences = [] }) => fences),
    })
    channel.start()
    await clock.advance(0)
    expect(mistakes).toEqual([new Error('no sense')])
    expect(returned()).toEqual([
      { at: 0, claim: 'a', next: { waitUntil: 60_007, reasons: ['undecided'] } },
      { at: 0, claim: 'b', next: { waitUntil: 9000, reasons: ['cps'] } },
    ])
    expect(dispatcher.wanted()).toMatchObject([{ max: 3 }])
    await channel.stop()
  })

  it('counts a start that throws as over, now or later, says why, and makes the others', async () => {
    const { channel, store, crew, clock, mistakes, dispatcher } = office()
    const { start } = crew
    crew.start = (...args) => {
      start.apply(crew, args)
      if (args[2].ref !== 'B') throw new Error(`no ${args[2].ref}`)
    }
    store.answers.push(claims('a b c'), {
      fences: [fenced('A', 0, 2000), fenced('B', 0, 2000), fenced('C', 100, 2100)].flatMap(({ fences = [] }) => fences),
    })
    channel.start()
    await clock.advance(99)
    expect(crew.heard.slice(3)).toEqual(['start j1 A 0 true', 'start j1 B 0 true'])
    expect(dispatcher.wanted()).toMatchObject([{ max: 1 }])
    await clock.advance(1)
    expect(crew.heard.slice(5)).toEqual(['start j1 C 100 true'])
    expect(mistakes).toEqual([new Error('no A'), new Error('no C')])
    expect(dispatcher.wanted()).toMatchObject([{ max: 2 }])
    await channel.stop()
  })

  it('holds a claim whose fence may be granted within a second and a half, and decides it anew', async () => {
    const { channel, store, crew, clock, returned } = office()
    store.answers.push(claims('a'), refused(1500), fenced('A', 1500, 3500))
    channel.start()
    await clock.advance(1499)
    expect(crew.heard).toEqual(['decide j1 a 0'])
    await clock.advance(1)
    expect(crew.heard).toEqual(['decide j1 a 0', 'decide j1 a 1500', 'start j1 A 1500 true'])
    expect(returned()).toEqual([])
    await channel.stop()
  })

  it('goes by the time of the store when it holds a claim', async () => {
    const { channel, store, crew, clock, returned } = office()
    const now = 1_000_000
    store.answers.push({ now, ...claims('a', { leaseUntil: now + 10_000 }) }, { now, ...refused(now + 1000) })
    channel.start()
    await clock.advance(1000)
    expect(crew.heard).toEqual([`decide j1 a ${now}`, `decide j1 a ${now + 1000}`])
    expect(returned()).toEqual([])
    await channel.stop()
  })

  it('gives a claim back whose fence is refused for longer, or for longer than its lease', async () => {
    for (const [retryAt, leaseUntil, back] of [
      [1501, 10_000, true],
      [1000, 1001, false],
      [1000, 1000, true],
    ] as const) {
      const { channel, store, crew, clock, returned, dispatcher } = office()
      store.answers.push(claims('a', { leaseUntil }), refused(retryAt))
      channel.start()
      await clock.advance(900)
      expect(returned()).toEqual(back ? [{ at: 0, claim: 'a', next: { waitUntil: retryAt, reasons: ['cps'] } }] : [])
      expect(crew.heard.slice(1)).toEqual(back ? [`refused j1 cps ${retryAt} 0`] : [])
      expect(dispatcher.wanted()).toMatchObject([{ max: back ? 3 : 2 }])
      await channel.stop()
    }
  })

  it('forgets a claim that is gone', async () => {
    const { channel, store, clock, dispatcher, returned, crew } = office()
    store.answers.push(claims('a'))
    channel.start()
    await clock.advance(0)
    expect(crew.heard).toEqual(['decide j1 a 0'])
    expect(returned()).toEqual([])
    expect(dispatcher.wanted()).toMatchObject([{ max: 3 }])
    await channel.stop()
  })

  it('pays no attention to claims of a route that is not its own', async () => {
    const { channel, store, crew, clock, dispatcher } = office()
    store.answers.push(claims('a', { route: 'other' }))
    channel.start()
    await clock.advance(0)
    expect(crew.heard).toEqual([])
    expect(dispatcher.wanted()).toMatchObject([{ max: 3 }])
    await channel.stop()
  })
})

describe('a claim of a job that is not known here', () => {
  it('is decided when the job has been read, and counts meanwhile', async () => {
    let found: (record: unknown) => void = () => {}
    const reading = new Promise((resolve) => {
      found = resolve
    })
    const { channel, store, crew, clock, dispatcher } = office(() => reading)
    store.answers.push(claims('a b', { jobId: 'j2' }))
    channel.start()
    await clock.advance(250)
    expect(crew.heard).toEqual([])
    expect(dispatcher.wanted()).toMatchObject([{ max: 1 }])
    found(job('j2'))
    await clock.advance(0)
    expect(crew.heard).toEqual(['decide j2 a 250', 'decide j2 b 250'])
    await channel.stop()
  })

  it('is left to its lease when there is no such job, and when it cannot be read, which is told', async () => {
    const broken = new Error('broken')
    for (const [getJob, told] of [
      [() => Promise.resolve(undefined), []],
      [() => Promise.reject(broken), [{ error: broken, retryIn: 10_000 }]],
    ] as const) {
      const { channel, store, crew, clock, dispatcher, returned, failures } = office(getJob)
      store.answers.push(claims('a b', { jobId: 'j2' }))
      channel.start()
      await clock.advance(0)
      expect(crew.heard).toEqual([])
      expect(returned()).toEqual([])
      expect(failures).toEqual(told)
      expect(dispatcher.wanted()).toMatchObject([{ max: 3 }])
      await channel.stop()
    }
  })
})

describe('a dispatcher that stops', () => {
  it('claims nothing more, waits for what is being started, and gives back what comes too late', async () => {
    const { channel, store, crew, clock, dispatcher, returned } = office()
    let reply: (reply: Partial<ExchangeReply>) => void = () => {}
    store.answers.push(claims('a b'), {
      fences: [{ status: 'gone' }, ...(fenced('B', 0, 2000).fences ?? [])],
    })
    channel.start()
    await clock.advance(0)
    store.answers.push(
      new Promise((resolve) => {
        reply = resolve
      }),
    )
    channel.poke()
    crew.atOnce = 5
    channel.report({ kind: 'doubt', ref: 'r', checkAt: 0 })
    await clock.advance(0)
    let stopped = false
    void dispatcher.stop().then(() => {
      stopped = true
    })
    expect(dispatcher.wanted()).toEqual([])
    reply(claims('c'))
    await clock.advance(0)
    expect(returned()).toMatchObject([{ claim: 'c', next: { waitUntil: 0 } }])
    expect(stopped).toBe(false)
    crew.answered[0]?.()
    await clock.advance(0)
    expect(stopped).toBe(true)
    await channel.stop()
  })

  it('waits for each of its routes', async () => {
    const { channel, store, crew, clock, dispatcher } = office()
    dispatcher.attach(channel, [{ ...crew, route: 'idle' } as unknown as Runner])
    store.answers.push(claims('a'), fenced('A', 0, 2000))
    channel.start()
    await clock.advance(0)
    let stopped = false
    void dispatcher.stop().then(() => {
      stopped = true
    })
    await clock.advance(1000)
    expect(stopped).toBe(false)
    crew.answered[0]?.()
    await clock.advance(0)
    expect(stopped).toBe(true)
    await channel.stop()
  })

  it('that holds nothing has stopped at once', async () => {
    const { dispatcher } = office()
    await expect(dispatcher.stop()).resolves.toBeUndefined()
  })
})

describe('what an exchange says of jobs', () => {
  it('is told, and an end besides', () => {
    const { dispatcher, host } = office()
    const heard: unknown[] = []
    host.events.on('job.changed', (told) => heard.push(['changed', told]))
    host.events.on('job.ended', (told) => heard.push(['ended', told]))
    dispatcher.changed([
      { id: 'j1', state: 'paused', reason: 'asked', revision: 2 },
      { id: 'j2', state: 'completed', revision: 3 },
    ])
    expect(heard).toStrictEqual([
      ['changed', { jobId: 'j1', state: 'paused', reason: 'asked' }],
      ['changed', { jobId: 'j2', state: 'completed' }],
      ['ended', { jobId: 'j2', state: 'completed' }],
    ])
  })
})
