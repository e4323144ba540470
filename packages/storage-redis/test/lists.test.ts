import type { Enlisting, Storage } from '@outdial/core'
import { describe, expect, it } from 'vitest'
import { filledJob } from '../../conformance/src/support/jobs.js'
import { manualClock } from '../../conformance/src/support/manual-clock.js'
import { closed, fenceOf, Worker } from '../../conformance/src/support/worker.js'
import { RedisStorage } from '../src/redis-storage.js'
import { GIVEN_CLOCK } from './support/given-clock.lua.js'
import { code, host, storeOn } from './support/store-on.js'

const phone = (i: number) => `+1${2_012_000_000 + i}`
const phones = (n: number, from = 0) => Array.from({ length: n }, (_, i) => phone(from + i))

/** A store on the time of a clock that is moved by hand. */
async function timed() {
  const clock = manualClock()
  const { client } = await storeOn([])
  const storage = new RedisStorage({ client }, { givenClock: GIVEN_CLOCK })
  await storage.open({ ...host, clock })
  const worker = new Worker(storage, 'w')
  await filledJob(storage, { id: 'a' }, 500)
  const enlist = async (...enlist: Enlisting[]) => worker.report(closed(await worker.call(), { enlist }))
  return { clock, client, storage, worker, enlist, close: () => storage.close() }
}

async function all(storage: Storage, list: string, max: number): Promise<string[]> {
  const found: string[] = []
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = await storage.scanList(list, { max, ...(cursor !== undefined && { cursor }) })
    expect(page.items.length).toBeLessThanOrEqual(max)
    found.push(...page.items.map(({ member }) => member))
    cursor = page.cursor
  }
  return found
}

describe('room', () => {
  it('should take no more for numbers that are listed for good than a set of them', async () => {
    const { storage, client } = await storeOn([])
    await storage.open(host)
    const members = phones(20_000)
    expect(await storage.setList('l', { clear: true, add: members, asOf: 1 })).toEqual({ size: 20_000 })
    for (let i = 0; i < members.length; i += 1000) await client.sadd('plain', ...members.slice(i, i + 1000))
    const room = async (key: string) => Number(await client.memory('USAGE', key, 'SAMPLES', 0))
    expect(await room('{outdial}:list:l')).toBeLessThan((await room('plain')) * 1.02)
    expect((await client.keys('*')).filter((key) => /until|why|aside/.test(key))).toEqual([])
  })

  it('should forget those whose end has passed as others are added', async () => {
    const { clock, client, storage, enlist, close } = await timed()
    const add = phones(60).map((member) => ({ member, until: clock.now() + 1000, reason: 'refused' }))
    expect(await storage.setList('l', { add })).toEqual({ size: 60 })
    await clock.advance(2000)
    expect((await storage.getList('l', [phone(1)])).members).toEqual([undefined])
    for (let i = 0; i < 8; i++) await enlist({ list: 'l', member: phone(100 + i), until: clock.now() + 1000 })
    expect(await client.zcard('{outdial}:until:l')).toBe(8)
    expect(await client.hlen('{outdial}:why:l')).toBe(0)
    await close()
  })

  it('should have nobody in two places when their end moves, nor a reason that is not theirs', async () => {
    const { clock, client, storage, enlist, close } = await timed()
    const soon = clock.now() + 1000
    await enlist(
      { list: 'l', member: 'a', until: soon, reason: 'soon' },
      { list: 'l', member: 'b', until: soon, reason: 'soon' },
    )
    await enlist({ list: 'l', member: 'a', until: soon + 5 }, { list: 'l', member: 'b', reason: 'for good' })
    await storage.setList('l', { add: ['c', { member: 'b', until: soon + 9, reason: 'no' }] })
    const { members } = await storage.getList('l', ['a', 'b', 'c'])
    expect(members).toEqual([{ member: 'a', until: soon + 5 }, { member: 'b', reason: 'for good' }, { member: 'c' }])
    expect((await client.smembers('{outdial}:list:l')).sort()).toEqual(['b', 'c'])
    expect(await client.zrange('{outdial}:until:l', '0', '-1')).toEqual(['a'])
    expect(await client.hget('{outdial}:why:l', 'b')).toBe('for good')
    await storage.setList('l', { remove: ['a', 'b'] })
    expect(await client.exists('{outdial}:until:l', '{outdial}:why:l')).toBe(0)
    await close()
  })
})

describe('a reason that most have', () => {
  const until = (clock: { now(): number }) => clock.now() + 60_000
  const reasons = async (storage: Storage, members: readonly string[]) =>
    (await storage.getList('l', members)).members.map((found) => found && (found.reason ?? 'none'))

  it('should be kept once for those whom calls put on a list for a time, and be of nobody else', async () => {
    const { clock, client, storage, enlist, close } = await timed()
    await enlist(...phones(50).map((member) => ({ list: 'l', member, until: until(clock), reason: 'answered' })))
    expect(await client.exists('{outdial}:why:l')).toBe(0)
    await enlist(
      { list: 'l', member: 'other', until: until(clock), reason: 'busy' },
      { list: 'l', member: 'none', until: until(clock) },
      { list: 'l', member: 'odd', until: until(clock), reason: '\0' },
      { list: 'l', member: 'for good' },
      { list: 'l', member: phone(1), until: until(clock) + 1, reason: 'busy' },
      { list: 'l', member: phone(2), until: until(clock) + 1 },
      { list: 'l', member: phone(3) },
    )
    await storage.setList('l', { add: [{ member: 'added', until: until(clock), reason: 'answered' }, 'too'] })
    const members = [...[0, 1, 2, 3].map(phone), 'other', 'none', 'odd', 'for good', 'added', 'too']
    const told = ['answered', 'busy', 'none', 'none', 'busy', 'none', '\0', 'none', 'answered', 'none']
    expect(await reasons(storage, members)).toEqual(told)
    // What was somebody's own is gone when it is what most have again.
    await enlist({ list: 'l', member: phone(1), until: until(clock) + 2, reason: 'answered' })
    expect(await reasons(storage, [phone(1)])).toEqual(['answered'])
    expect((await client.hkeys('{outdial}:why:l')).sort()).toEqual([phone(2), 'none', 'odd', 'other'])
    await close()
  })

  it('should be of nobody who comes when all others are gone', async () => {
    const { clock, storage, enlist, close } = await timed()
    const add = phones(9000).map((member) => ({ member, until: until(clock) }))
    for (const edit of [{ remove: ['a'] }, { clear: true }, { clear: true, add }]) {
      await enlist({ list: 'l', member: 'a', until: until(clock), reason: 'answered' })
      expect(await reasons(storage, ['a'])).toEqual(['answered'])
      await storage.setList('l', edit)
      await storage.setList('l', { add: [{ member: 'b', until: until(clock) }] })
      expect(await reasons(storage, ['a', 'b', phone(1)])).toEqual([
        undefined,
        'none',
        'add' in edit ? 'none' : undefined,
      ])
      await storage.setList('l', { clear: true })
    }
    await close()
  })
})

describe('a fence', () => {
  it('should see who was put on a list by a report of the same exchange', async () => {
    const { worker, storage, close } = await timed()
    const ref = await worker.call()
    const claim = await worker.take()
    const { fences } = await worker.exchange({
      reports: [closed(ref, { enlist: [{ list: 'l', member: 'x', reason: 'asked us to' }] })],
      fences: [fenceOf(claim, { absent: [{ list: 'l', member: 'x' }] })],
    })
    expect(fences).toEqual([{ status: 'refused', reasons: ['list:l'], retryAt: Number.POSITIVE_INFINITY }])
    expect((await storage.getList('l', ['x'])).members).toEqual([{ member: 'x', reason: 'asked us to' }])
    await close()
  })
})

describe('going through a list', () => {
  it('should tell everybody, however few are asked for at once, in every form the server keeps a set in', async () => {
    const { storage } = await storeOn([])
    await storage.open(host)
    const numbers = Array.from({ length: 300 }, (_, i) => `1202555${String(i).padStart(4, '0')}`)
    const until = Date.now() + 600_000
    const lists = {
      integers: numbers,
      texts: phones(2000),
      'with ends': phones(90).map((member) => ({ member, until, reason: 'r' })),
      'with many ends': [...phones(300).map((member) => ({ member, until })), ...phones(300, 1000)],
    }
    for (const [list, add] of Object.entries(lists)) {
      await storage.setList(list, { add })
      const wanted = add.map((one) => (typeof one === 'string' ? one : one.member)).sort()
      for (const max of [1, 7, 100, 5000]) {
        if (max === 1 && wanted.length > 500) continue
        expect([...new Set(await all(storage, list, max))].sort()).toEqual(wanted)
      }
    }
  })

  it('should miss nobody who is there throughout, whatever comes and goes', async () => {
    const { storage } = await storeOn([])
    await storage.open(host)
    const until = Date.now() + 600_000
    const steady = phones(400)
    await storage.setList('l', {
      add: [...steady.slice(0, 200), ...steady.slice(200).map((member) => ({ member, until }))],
    })
    const found = new Set<string>()
    let cursor: string | undefined
    let round = 0
    do {
      const page = await storage.scanList('l', { max: 10, ...(cursor !== undefined && { cursor }) })
      for (const { member } of page.items) found.add(member)
      cursor = page.cursor
      // Some get on for good, some come, some go.
      await storage.setList('l', {
        add: [...steady.slice(200 + round * 10, 210 + round * 10), ...phones(200, 10_000 + round * 200)],
        remove: phones(150, 10_000 + (round - 1) * 200),
      })
      round++
    } while (cursor !== undefined)
    expect(steady.filter((member) => !found.has(member))).toEqual([])
  })
})

describe('a long edit', () => {
  const wanted = phones(3500)
  const fail = (client: { callBuffer: unknown }, at: number, error: () => Promise<unknown>) => {
    const call = (client.callBuffer as (...command: unknown[]) => Promise<unknown>).bind(client)
    let sent = 0
    client.callBuffer = async (...command: unknown[]) => {
      if (String(command[0]).startsWith('FCALL') && ++sent === at) await error()
      return call(...command)
    }
    return () => {
      client.callBuffer = call
    }
  }

  it('should begin anew when the server has forgotten a part of it', async () => {
    for (const edit of [{ add: wanted }, { clear: true, add: wanted }]) {
      const { storage, client, server } = await storeOn(['--appendonly', 'yes', '--appendfsync', 'always'])
      await storage.open(host)
      await storage.setList('l', { add: ['+12025550100'] })
      server.mark()
      // Before its third step the server goes back to what it was before the first, as one that had not written to its disk.
      const mend = fail(client, 3, () => server.rollback())
      const { size } = await storage.setList('l', edit)
      mend()
      expect(size).toBe(edit.clear ? 3500 : 3501)
      expect((await storage.getList('l', wanted)).members.filter((member) => member === undefined)).toEqual([])
    }
  })

  it('should be done once though its last part is sent twice', async () => {
    const { storage, client } = await storeOn([])
    await storage.open(host)
    const call = client.callBuffer.bind(client)
    // Every command is sent a second time, as after a reply that was lost.
    client.callBuffer = (async (...command: Parameters<typeof call>) => {
      await call(...command)
      return call(...command)
    }) as typeof client.callBuffer
    expect(await storage.setList('l', { clear: true, add: wanted })).toEqual({ size: 3500 })
    client.callBuffer = call as typeof client.callBuffer
    expect(await storage.getList('l', [phone(0), phone(3499)])).toMatchObject({ size: 3500 })
    expect(await client.scard('{outdial}:list:l')).toBe(3500)
  })

  it('should say that a list cannot be written whose parts are lost again and again', async () => {
    const { storage, client } = await storeOn([])
    await storage.open(host)
    const call = client.callBuffer.bind(client)
    client.callBuffer = (async (...command: Parameters<typeof call>) => {
      const reply = await call(...command)
      for (const key of await client.keys('*edit*')) await client.del(key)
      return reply
    }) as typeof client.callBuffer
    expect(await code(storage.setList('l', { add: wanted }))).toBe('storage_unavailable')
    client.callBuffer = call as typeof client.callBuffer
  })
})
