import { expect, it } from 'vitest'
import type { ChannelUser, Wanted } from '../../src/engine/channel.js'
import { Channels } from '../../src/engine/channels.js'
import type { ClaimedGroup, ExchangeReply } from '../../src/index.js'
import { bench } from './support/bench.js'
import { doubt, fence, ScriptedStore } from './support/scripted-store.js'

/** Has room for so many claims, and counts what it is given. */
class User implements ChannelUser {
  room = 0
  given = 0

  wanted(): Wanted[] {
    const room = this.room - this.given
    return room > 0 ? [{ route: 'sim', max: Math.min(4, room), room, leaseMs: 10_000 }] : []
  }
  claimed(groups: readonly ClaimedGroup[]): void {
    for (const { tasks } of groups) this.given += tasks.length
  }
  changed(): void {}
}

function talks(count: number) {
  const store = new ScriptedStore(4)
  const here = bench(store.methods())
  store.now = here.now
  const user = new User()
  return { ...here, store, user, channels: new Channels(here.host, user, { durable: false, count }) }
}

const group = (claims: number): ClaimedGroup => ({
  jobId: 'j',
  route: 'sim',
  revision: 1,
  leaseUntil: 10_000,
  tasks: Array.from({ length: claims }, (_, i) => ({ claim: `j:${i}:1`, index: i, attempts: 0, payload: '' })),
})

it('speaks while another conversation waits for its answer, and never asks for more in all than there is room for', async () => {
  const { store, user, channels, clock } = talks(2)
  user.room = 6
  const replies: ((reply: Partial<ExchangeReply>) => void)[] = []
  for (let i = 0; i < 4; i++) store.answers.push(new Promise((resolve) => replies.push(resolve)))
  channels.start()
  await clock.advance(0)
  channels.poke()
  await clock.advance(0)
  expect(store.exchanges.map(({ claims }) => claims.map(({ max }) => max))).toEqual([[4], [2]])
  expect(new Set(store.exchanges.map(({ channel }) => channel)).size).toBe(2)

  replies[0]?.({ claims: [group(4)] })
  replies[1]?.({ claims: [group(2)] })
  await clock.advance(0)
  channels.poke()
  await clock.advance(0)
  expect(user.given).toBe(6)
  expect(store.exchanges).toHaveLength(2)
  await channels.stop()
})

it('says all of one task in one conversation, in order, and of tasks that follow each other together', async () => {
  const { store, channels, clock } = talks(2)
  for (let index = 0; index < 128; index++) {
    channels.fence(fence(`job:${index}:7`), () => {})
    channels.report(doubt(`job:${index}:1:nonce`))
    channels.report(doubt(`job:${index}:2:nonce`))
  }
  channels.report(doubt('not a ref'))
  channels.start()
  expect(await Promise.race([channels.flushed(), clock.advance(10).then(() => 'late')])).not.toBe('late')

  const said = new Map<string, Set<string>>()
  const order = new Map<string, string[]>()
  for (const { channel, reports, fences } of store.exchanges) {
    for (const name of [
      ...fences.map(({ claim }) => claim),
      ...reports.map((told) => ('ref' in told ? told.ref : '')),
    ]) {
      const task = name.split(':').slice(0, 2).join(':')
      said.set(task, (said.get(task) ?? new Set()).add(channel))
      order.set(task, [...(order.get(task) ?? []), name])
    }
  }
  expect(said.size).toBe(129)
  for (const [task, channelsOfTask] of said) expect(channelsOfTask.size, task).toBe(1)
  for (let index = 0; index < 128; index++) {
    const names = (order.get(`job:${index}`) ?? []).filter((name) => name.endsWith('nonce'))
    expect(names).toEqual([`job:${index}:1:nonce`, `job:${index}:2:nonce`])
    expect(said.get(`job:${index}`)).toEqual(said.get(`job:${index - (index % 32)}`))
  }
  expect(new Set([...said.values()].flatMap((channelsOfTask) => [...channelsOfTask])).size).toBe(2)
  await channels.stop()
})
