import { describe, expect, it } from 'vitest'
import { Channel, type ChannelUser } from '../../src/engine/channel.js'
import { type ClaimedGroup, type ClaimRequest, type ExchangeReply, OutdialError } from '../../src/index.js'
import { type Bench, bench } from './support/bench.js'
import { doubt, fence, progress, ScriptedStore } from './support/scripted-store.js'

/** Claims what a test wants, and keeps what it was told. */
class User implements ChannelUser {
  wants: ClaimRequest[] = []
  readonly heard: string[] = []

  wanted(): ClaimRequest[] {
    return this.wants
  }
  claimed(groups: readonly ClaimedGroup[], { now }: ExchangeReply): void {
    if (groups.length > 0) this.heard.push(`claimed ${groups.map(({ jobId }) => jobId)} ${now}`)
    for (const { route, tasks } of groups) this.want(route, (this.#max(route) ?? 0) - tasks.length)
  }
  changed(jobs: ExchangeReply['jobs']): void {
    for (const { id, state } of jobs) this.heard.push(`${id} ${state}`)
  }
  want(route: string, max: number): void {
    this.wants = this.wants.filter((want) => want.route !== route)
    if (max > 0) this.wants.push({ route, max, leaseMs: 10_000 })
  }
  #max(route: string): number | undefined {
    return this.wants.find((want) => want.route === route)?.max
  }
}

interface Talk extends Bench {
  store: ScriptedStore
  user: User
  channel: Channel
}

function talk(options: { batch?: number; durable?: boolean } = {}): Talk {
  const store = new ScriptedStore(options.batch)
  const here = bench(store.methods())
  store.now = here.now
  const user = new User()
  return { ...here, store, user, channel: new Channel(here.host, user, { durable: options.durable ?? false }) }
}

const group = (route: string, claims: number): ClaimedGroup => ({
  jobId: `job of ${route}`,
  route,
  revision: 1,
  leaseUntil: 10_000,
  tasks: Array.from({ length: claims }, (_, i) => ({
    claim: `${route} ${i}`,
    index: i,
    attempts: 0,
    payload: '',
  })),
})

describe('a channel that has something to say', () => {
  it('says nothing before it is started, then all of it, in order, and each is told its own answer', async () => {
    const { channel, store, user, clock } = talk()
    store.answers.push({
      now: 7,
      reports: ['applied', 'stale'],
      fences: [{ status: 'gone' }, { status: 'refused', reasons: ['cap'], retryAt: 9 }],
      jobs: [{ id: 'j1', state: 'running', revision: 1 }],
    })
    channel.report(doubt('r1'), (answer, { now }, sentAt) => user.heard.push(`r1 ${answer} ${now} ${sentAt}`))
    channel.fence(fence('f1'), ({ status }, { now }, sentAt) => user.heard.push(`f1 ${status} ${now} ${sentAt}`))
    channel.fence(fence('f2'), ({ status }) => user.heard.push(`f2 ${status}`))
    channel.report(doubt('r2'), (answer) => user.heard.push(`r2 ${answer}`))
    await clock.advance(40)
    expect(store.exchanges).toEqual([])
    channel.start()
    channel.start()
    await clock.advance(0)

    expect(store.exchanges).toMatchObject([{ seq: 1, reports: [{ ref: 'r1' }, { ref: 'r2' }], claims: [] }])
    expect(store.exchanges[0]?.fences.map(({ claim }) => claim)).toEqual(['f1', 'f2'])
    expect(user.heard).toEqual(['j1 running', 'r1 applied 7 40', 'r2 stale', 'f1 gone 7 40', 'f2 refused'])
    await clock.advance(60_000)
    expect(store.exchanges).toHaveLength(1)
    await channel.stop()
  })

  it('sends no more of a kind at once than the store likes, and goes on without being asked', async () => {
    const { channel, store, clock, user } = talk({ batch: 2 })
    for (const ref of ['r1', 'r2', 'r3', 'r4', 'r5']) channel.report(doubt(ref), () => user.heard.push(ref))
    for (const claim of ['f1', 'f2', 'f3']) channel.fence(fence(claim), () => user.heard.push(claim))
    channel.start()
    await clock.advance(0)

    expect(user.heard).toEqual(['r1', 'r2', 'f1', 'f2', 'r3', 'r4', 'f3', 'r5'])

    const said = store.exchanges.map(({ reports, fences }) => [reports.length, fences.length])
    expect(said).toEqual([
      [2, 2],
      [2, 1],
      [1, 0],
    ])
    expect(store.exchanges.map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(new Set(store.exchanges.map(({ channel: id }) => id)).size).toBe(1)
    expect(store.exchanges[0]?.channel).toMatch(/^channel_/)
    await channel.stop()
  })

  it('sends reports of progress besides, but no more than four times as many in all', async () => {
    const { channel, store, clock } = talk({ batch: 2 })
    const kinds = [...'pdpdppdpppppppppdddd']
    for (const [i, kind] of kinds.entries()) channel.report(kind === 'p' ? progress(`p${i}`) : doubt(`d${i}`))
    channel.start()
    await clock.advance(0)
    const said = store.exchanges.map(({ reports }) => reports.map((report) => ('ref' in report ? report.ref[0] : '')))
    // What does not fit keeps back what comes after it.
    expect(said.map((refs) => refs.join(''))).toEqual(['pdpdpp', 'dppppppp', 'ppdd', 'dd'])
    await channel.stop()
  })

  it('sends what comes while it waits for a reply all at once with the next', async () => {
    const { channel, store, clock } = talk()
    let reply: (reply: Partial<ExchangeReply>) => void = () => {}
    store.answers.push(
      new Promise((resolve) => {
        reply = resolve
      }),
    )
    channel.start()
    channel.report(doubt('r1'))
    await clock.advance(10)
    for (const ref of ['r2', 'r3', 'r4']) channel.report(doubt(ref))
    await clock.advance(10)
    expect(store.exchanges).toHaveLength(1)
    reply({})
    await clock.advance(0)
    expect(store.exchanges.map(({ reports }) => reports.length)).toEqual([1, 3])
    await channel.stop()
  })

  it('asks for fences that survive a crash only when it is to, and only where there are fences', async () => {
    for (const durable of [true, false]) {
      const { channel, store, clock } = talk({ durable })
      channel.start()
      channel.report(doubt('r1'))
      await clock.advance(0)
      channel.fence(fence('f1'), () => {})
      await clock.advance(0)
      expect(store.exchanges.map((exchange) => exchange.durable)).toEqual([undefined, durable ? true : undefined])
      expect(store.exchanges.map((exchange) => 'durable' in exchange)).toEqual([false, durable])
      await channel.stop()
    }
  })

  it('asks for reports that put people on lists to survive a crash too', async () => {
    const { channel, store, clock } = talk({ durable: true })
    const enlist = [{ list: 'suppressed:acme', member: '+12025550100' }]
    channel.start()
    for (const report of [
      { kind: 'note', ref: 'r1', id: 'n1', data: '{}', enlist },
      { kind: 'note', ref: 'r1', id: 'n2', data: '{}', enlist: [] },
      { kind: 'close', ref: 'r1', placed: true, outcome: '', result: '', next: { waitUntil: 0 }, enlist },
    ] as const) {
      channel.report(report)
      await clock.advance(0)
    }
    expect(store.exchanges.map(({ durable }) => durable)).toEqual([true, undefined, true])
    await channel.stop()
  })

  it('learns the store’s time from each reply, counted from before it was asked', async () => {
    const { channel, store, host, clock } = talk()
    store.answers.push(new Promise((resolve) => void clock.setTimeout(() => resolve({ now: 5000 }), 200)))
    channel.start()
    channel.report(doubt('r1'))
    await clock.advance(300)
    expect(host.now()).toBe(5300)
    await channel.stop()
  })
})

describe('a channel whose store fails', () => {
  it('sends the same again, with the same number, after pauses that double up to five seconds', async () => {
    const { channel, store, clock, failures } = talk()
    const broken = new Error('broken')
    store.answers.push(...Array.from({ length: 8 }, () => broken))
    channel.start()
    channel.report(doubt('r1'))
    await clock.advance(60_000)

    const [first] = store.exchanges
    expect(store.exchanges.map(({ at }) => at)).toEqual([0, 100, 300, 700, 1500, 3100, 6300, 11_300, 16_300])
    for (const exchange of store.exchanges) expect({ ...exchange, at: 0 }).toEqual(first)
    expect(failures.map(({ error, retryIn }) => [error, retryIn])).toEqual(
      [100, 200, 400, 800, 1600, 3200, 5000, 5000].map((retryIn) => [broken, retryIn]),
    )
    channel.report(doubt('r2'))
    await clock.advance(0)
    expect(store.exchanges.at(-1)).toMatchObject({ seq: 2, reports: [{ ref: 'r2' }] })
    await channel.stop()
  })

  it('begins anew under another name when the store has forgotten it, and says the same', async () => {
    const { channel, store, clock } = talk()
    channel.start()
    channel.report(doubt('r1'))
    await clock.advance(0)
    store.answers.push(new OutdialError('sequence_broken', 'forgotten'))
    channel.report(doubt('r2'))
    await clock.advance(100)
    channel.report(doubt('r3'))
    await clock.advance(0)

    const [one, two, again, three] = store.exchanges
    expect(store.exchanges.map(({ seq }) => seq)).toEqual([1, 2, 1, 2])
    expect(two?.channel).toBe(one?.channel)
    expect(again?.channel).not.toBe(one?.channel)
    expect(again?.channel).toMatch(/^channel_/)
    expect(three?.channel).toBe(again?.channel)
    expect(again?.reports).toEqual(two?.reports)
    await channel.stop()
  })

  it('gives up when it is stopped, at once, and tells nobody an answer', async () => {
    const { channel, store, clock, user } = talk()
    store.answers.push(...Array.from({ length: 8 }, () => new Error('broken')))
    channel.start()
    channel.report(doubt('r1'), () => user.heard.push('told'))
    await clock.advance(250)
    const sent = store.exchanges.length
    let stopped = false
    void channel.stop().then(() => {
      stopped = true
    })
    await clock.advance(0)
    expect(stopped).toBe(true)
    await clock.advance(60_000)
    expect(store.exchanges).toHaveLength(sent)
    expect(user.heard).toEqual([])
    expect(clock.pending).toBe(0)
  })
})

describe('a channel whose user throws', () => {
  const wrong = (what: string) => () => {
    throw new Error(what)
  }

  it('tells everybody else their answer, says what was thrown, and goes on', async () => {
    const { channel, store, user, clock, mistakes } = talk()
    store.answers.push({ jobs: [{ id: 'j1', state: 'running', revision: 1 }] })
    user.changed = wrong('changed')
    user.claimed = wrong('claimed')
    channel.report(doubt('r1'), wrong('r1'))
    channel.report(doubt('r2'), () => user.heard.push('r2'))
    channel.fence(fence('f1'), wrong('f1'))
    channel.fence(fence('f2'), () => user.heard.push('f2'))
    let flushed: boolean | undefined
    void channel.flushed().then((all) => {
      flushed = all
    })
    channel.start()
    await clock.advance(0)
    expect(user.heard).toEqual(['r2', 'f2'])
    expect(mistakes).toEqual(['changed', 'r1', 'f1', 'claimed'].map((what) => new Error(what)))
    expect(flushed).toBe(true)

    channel.report(doubt('r3'), () => user.heard.push('r3'))
    await clock.advance(0)
    expect(user.heard).toEqual(['r2', 'f2', 'r3'])
    await channel.stop()
  })

  it('claims nothing while it cannot say what it wants, and says what there is to say', async () => {
    const { channel, store, user, clock, mistakes } = talk()
    user.wanted = wrong('wanted')
    channel.start()
    await clock.advance(1000)
    expect(mistakes).toEqual([new Error('wanted')])
    channel.report(doubt('r1'), () => user.heard.push('r1'))
    await clock.advance(0)
    expect(user.heard).toEqual(['r1'])
    expect(store.exchanges).toMatchObject([{ reports: [{ ref: 'r1' }], claims: [] }])
    await channel.stop()
  })
})

describe('flushing', () => {
  it('waits for everything said before, fences as well, and for nothing said after', async () => {
    const { channel, store, clock } = talk({ batch: 1 })
    const done: string[] = []
    const flushed = (name: string) => void channel.flushed().then((all) => done.push(`${name} ${all}`))
    flushed('nothing')
    await clock.advance(0)
    expect(done).toEqual(['nothing true'])

    store.answers.push({}, new Promise((resolve) => void clock.setTimeout(() => resolve({}), 100)), new Error('no'))
    channel.report(doubt('r1'))
    channel.fence(fence('f1'), () => {})
    channel.fence(fence('f2'), () => {})
    flushed('fences')
    channel.start()
    await clock.advance(50)
    channel.report(doubt('r2'))
    flushed('report')
    expect(done).toEqual(['nothing true'])
    await clock.advance(50)
    expect(done).toEqual(['nothing true', 'fences true'])
    await clock.advance(100)
    expect(done).toEqual(['nothing true', 'fences true', 'report true'])
    await channel.stop()
  })

  it('ends without success when the channel is stopped before', async () => {
    const { channel, clock, store } = talk()
    store.answers.push(new Promise(() => {}))
    channel.start()
    channel.report(doubt('r1'))
    let all: boolean | undefined
    void channel.flushed().then((answer) => {
      all = answer
    })
    await clock.advance(10)
    expect(all).toBeUndefined()
    void channel.stop()
    await clock.advance(0)
    expect(all).toBe(false)
    await expect(channel.flushed()).resolves.toBe(false)
  })
})

describe('a channel that wants work', () => {
  it('claims until the store has no more, and then waits for its word', async () => {
    const { channel, store, user, clock } = talk()
    user.want('sim', 5)
    store.answers.push({ claims: [group('sim', 3)], wakeAt: 900 }, { wakeAt: 900 })
    channel.start()
    await clock.advance(500)

    expect(store.exchanges.map(({ claims }) => claims.map(({ max }) => max))).toEqual([[5]])
    expect(store.watches).toMatchObject([{ channel: store.exchanges[0]?.channel, routes: ['sim'], until: 900 }])
    store.watches[0]?.resolve()
    await clock.advance(0)
    expect(store.exchanges.map(({ claims }) => claims.map(({ max }) => max))).toEqual([[5], [2]])
    expect(store.watches).toHaveLength(2)
    await channel.stop()
    expect(store.watches[1]?.signal.aborted).toBe(true)
  })

  it('asks at once for more when it got all that it wanted', async () => {
    const { channel, store, user, clock } = talk()
    user.want('sim', 3)
    store.answers.push({ claims: [group('sim', 3)] })
    channel.start()
    await clock.advance(0)
    expect(store.watches).toEqual([])
    user.want('sim', 1)
    channel.poke()
    await clock.advance(0)
    expect(store.exchanges.map(({ claims }) => claims.map(({ max }) => max))).toEqual([[3], [1]])
    expect(store.watches).toHaveLength(1)
    await channel.stop()
  })

  it('asks again for the route that got all it wanted, though another has nothing', async () => {
    const { channel, store, user, clock } = talk()
    user.want('sim', 5)
    user.want('numbers', 1)
    store.answers.push({ claims: [group('numbers', 1)] })
    channel.start()
    await clock.advance(0)
    expect(store.watches).toMatchObject([{ routes: ['sim'] }])
    // What it got has been done, and there is room again.
    user.want('numbers', 1)
    channel.poke()
    await clock.advance(0)
    expect(store.exchanges.map(({ claims }) => claims.map(({ route }) => route))).toEqual([
      ['sim', 'numbers'],
      ['sim', 'numbers'],
    ])
    expect(store.watches.map(({ routes }) => routes)).toEqual([['sim'], ['sim', 'numbers']])
    await channel.stop()
  })

  it('does not ask for a route that has nothing, whatever is poked, but with what it says anyway', async () => {
    const { channel, store, user, clock } = talk()
    user.want('sim', 5)
    channel.start()
    await clock.advance(0)
    for (let i = 0; i < 3; i++) {
      channel.poke()
      await clock.advance(10)
    }
    expect(store.exchanges).toHaveLength(1)
    expect(store.watches).toHaveLength(1)
    channel.report(doubt('r1'))
    await clock.advance(0)
    expect(store.exchanges[1]).toMatchObject({ reports: [{ ref: 'r1' }], claims: [{ route: 'sim', max: 5 }] })
    user.want('other', 1)
    channel.poke()
    await clock.advance(0)
    expect(store.exchanges[2]?.claims.map(({ route }) => route)).toEqual(['sim', 'other'])
    await channel.stop()
  })

  it('remembers when there may be work, whatever is said meanwhile without asking for any', async () => {
    const { channel, store, user, clock } = talk()
    user.want('sim', 5)
    user.changed = () => user.want('sim', 0)
    store.answers.push({ wakeAt: 900 })
    channel.start()
    await clock.advance(0)
    channel.report(doubt('r1'))
    await clock.advance(0)
    expect(store.watches).toEqual([])
    user.want('sim', 5)
    channel.poke()
    await clock.advance(0)
    expect(store.watches).toMatchObject([{ until: 900 }])
    await channel.stop()
  })

  it('waits anew for another route or an earlier time, and lets the first wait go', async () => {
    const { channel, store, user, clock } = talk()
    user.want('sim', 5)
    store.answers.push({ wakeAt: 9000 }, { wakeAt: 9000 }, { wakeAt: 8000 }, { wakeAt: 8500 }, { wakeAt: 8000 })
    channel.start()
    await clock.advance(0)
    const say = async () => {
      channel.report(doubt('r'))
      await clock.advance(0)
      return store.watches.map(({ until, routes, signal }) => `${until} ${routes} ${signal.aborted}`)
    }
    expect(await say()).toEqual(['9000 sim false'])
    expect(await say()).toEqual(['9000 sim true', '8000 sim false'])
    expect(await say()).toEqual(['9000 sim true', '8000 sim false'])
    user.want('other', 1)
    expect(await say()).toEqual(['9000 sim true', '8000 sim true', '8000 sim,other false'])
    // The word of a wait that was let go means nothing any more.
    const sent = store.exchanges.length
    store.watches[0]?.resolve()
    await clock.advance(0)
    expect(store.exchanges).toHaveLength(sent)
    await channel.stop()
  })

  it('asks again after five seconds when it cannot wait for work, and says why', async () => {
    const { channel, store, user, clock, failures } = talk()
    user.want('sim', 5)
    channel.start()
    await clock.advance(0)
    store.watches[0]?.reject(new Error('gone'))
    await clock.advance(4999)
    expect(failures).toEqual([{ error: new Error('gone'), retryIn: 5000 }])
    expect(store.exchanges).toHaveLength(1)
    await clock.advance(1)
    expect(store.exchanges).toHaveLength(2)
    expect(store.watches).toHaveLength(2)
    await channel.stop()
  })
})
