import type { Fenced, Report } from '@outdial/core'
import { afterEach, expect, it } from 'vitest'
import { filledJob } from '../../conformance/src/support/jobs.js'
import { realClock } from '../../conformance/src/support/real-clock.js'
import { redisStorage } from '../src/index.js'
import { unpackBlock } from '../src/payload-blocks.js'
import { redisServer } from './support/redis-server.js'

const host = { clock: realClock, random: { next: () => Math.random() } }
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** A job with live calls of its first tasks, and a conversation about them. */
async function calls(count: number) {
  const server = await redisServer()
  const client = server.client()
  const storage = redisStorage({ client })
  await storage.open(host)
  cleanups.push(
    () => client.disconnect(),
    () => storage.close(),
  )
  await filledJob(storage, { id: 'a' }, count)
  let seq = 0
  const say = (reports: readonly Report[], channel = 'c', at = ++seq) =>
    storage.exchange({ channel, seq: at, reports, fences: [], claims: [] })
  const claimed = await storage.exchange({
    channel: 'c',
    seq: ++seq,
    reports: [],
    fences: [],
    claims: [{ route: 'r1', max: count, leaseMs: 10_000 }],
  })
  const claims = claimed.claims.flatMap(({ tasks }) => tasks.map(({ claim }) => claim))
  const fence = { all: [], anyOf: [], absent: [], until: Number.POSITIVE_INFINITY, checkAfter: 1000, memo: 'a memo' }
  const { fences } = await storage.exchange({
    channel: 'c',
    seq: ++seq,
    reports: [],
    fences: claims.map((claim) => ({ claim, ...fence })),
    claims: [],
  })
  const refs = fences.map((fenced) => (fenced as Extract<Fenced, { status: 'fenced' }>).ref)
  const everything = async () => {
    const texts: string[] = []
    for (const key of await client.keys('*:o:*')) {
      for (const bytes of await client.lrangeBuffer(key, 0, -1)) texts.push(...unpackBlock(bytes))
    }
    return texts
  }
  return { client, storage, say, refs, everything }
}

const over = (ref: string, result: string): Report => ({
  kind: 'close',
  ref,
  placed: true,
  outcome: 'answered',
  result,
  next: { terminal: 'succeeded', reason: 'answered' },
})

it('should keep results that came together apart, whatever is in them', async () => {
  const { storage, say, refs } = await calls(5)
  const results = ['plain', 'two\nlines', '', '5,6', '\u{1f600} é']
  const { reports } = await say(refs.map((ref, i) => over(ref, results[i] ?? '')))
  expect(reports).toEqual(Array(5).fill('applied'))
  const { items } = await storage.scanTasks('a', { max: 10 })
  const kept = results.map((result) => [result])
  expect(items.map((task) => task.results)).toEqual(kept)
  const page = await storage.events('a', 0, 100)
  const told = page.status === 'ok' ? page.events.map(({ data }) => data) : []
  expect(told.flatMap((data) => (data.type === 'closed' ? [[data.result]] : []))).toEqual(kept)
})

it('should take the one that counts of two that say the same is over', async () => {
  const { storage, say, refs } = await calls(3)
  const [one = '', two = '', three = ''] = refs
  const wrong = `${one.slice(0, -1)}!`
  const { reports } = await say([over(wrong, 'stale'), over(one, 'right'), over(two, 'first'), over(two, 'second')])
  expect(reports).toEqual(['stale', 'applied', 'applied', 'stale'])
  // The same from another worker, later.
  expect((await say([over(one, 'late'), over(three, 'third')], 'other', 1)).reports).toEqual(['stale', 'applied'])
  const { items } = await storage.scanTasks('a', { max: 10 })
  expect(items.map((task) => task.results)).toEqual([['right'], ['first'], ['third']])
})

it('should leave nothing of a redacted task, not even what came for nothing', async () => {
  const { client, storage, say, refs, everything } = await calls(3)
  const [one = '', two = '', three = ''] = refs
  await say([over(one, 'secret of one'), over(two, 'of two')])
  await say([over(one, 'stale secret of one'), over(three, 'of three')], 'other', 1)
  expect((await everything()).filter((text) => text.includes('secret'))).toHaveLength(2)

  await storage.redact('a', 0)
  const left = await everything()
  expect(left.filter((text) => text.includes('secret'))).toEqual([])
  expect(left).toEqual(expect.arrayContaining(['of two', 'of three']))
  const { items } = await storage.scanTasks('a', { max: 10 })
  expect(items.map((task) => task.results)).toEqual([[], ['of two'], ['of three']])
  const page = await storage.events('a', 0, 100)
  const told = page.status === 'ok' ? page.events.map(({ data }) => data) : []
  const memos = told.flatMap((data) => (data.type === 'fenced' ? [data.memo] : []))
  expect(memos).toEqual(['', 'a memo', 'a memo'])
  expect(await client.exists('{outdial}:x:a')).toBe(1)
})

it('should count attempts beyond what a cell holds, and name every reason', { timeout: 60_000 }, async () => {
  const { storage, say, refs } = await calls(1)
  const [ref = ''] = refs
  const adopted = 'a:0:5000:nonce'
  await say([{ kind: 'close', ref, placed: false, outcome: '', result: 'r', next: { waitUntil: 0 } }])
  expect((await say([{ kind: 'adopt', ref: adopted, rank: 1, memo: '', checkAt: 0 }])).reports).toEqual(['applied'])
  expect(await storage.getTask('a', 0)).toMatchObject({ attempts: 5000, place: 'unknown', results: ['r'] })
  await say([over(adopted, 'last')])
  expect(await storage.getTask('a', 0)).toMatchObject({ attempts: 5000, results: ['r', 'last'], reason: 'answered' })

  await filledJob(storage, { id: 'many' }, 300)
  for (let index = 0; index < 300; index++) {
    await storage.control('many', { task: { index, next: { terminal: 'skipped', reason: `reason ${index}` } } })
  }
  const { items } = await storage.scanTasks('many', { max: 1000 })
  expect(items.map(({ reason }) => reason)).toEqual(Array.from({ length: 300 }, (_, i) => `reason ${i}`))
})

it('should refuse a lane that does not fit, changing nothing', async () => {
  const { storage } = await calls(1)
  await storage.openBatch('a', 'b2', 'b2')
  const lane = { lane: 4096, name: '', priority: 0, open: null }
  await expect(storage.stage('a', 'b2', { seq: 0, lane, tasks: [{ payload: 'x' }] })).rejects.toMatchObject({
    code: 'not_supported',
    details: { field: 'lane' },
  })
  await storage.seal('a', 'b2', 0, '')
})
