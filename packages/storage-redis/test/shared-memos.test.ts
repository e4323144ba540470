import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filledJob } from '../../conformance/src/support/jobs.js'
import { SharedMemos } from '../src/shared-memos.js'
import { host, type StoreOn, storeAt, storeOn } from './support/store-on.js'

const DECISION = `"decision":{"policy":"3","rules":{"window":"pass"},"why":"${'because it is so '.repeat(40)}"}}`
const memoOf = (index: number, at = 0) => `{"from":["+1202555010${index}"],"at":${at + index},${DECISION}`

/** Starts calls of a job with a memo each, in as many exchanges. Answers their refs. */
async function start({ storage }: Pick<StoreOn, 'storage'>, memos: readonly string[], channel = 'c') {
  let seq = 0
  const say = (claims: number, fences: readonly { claim: string; memo: string }[] = []) =>
    storage.exchange({
      channel,
      seq: ++seq,
      reports: [],
      fences: fences.map((fence) => ({
        all: [],
        anyOf: [],
        absent: [],
        until: Number.POSITIVE_INFINITY,
        checkAfter: 1000,
        ...fence,
      })),
      claims: claims > 0 ? [{ route: 'r1', max: claims, leaseMs: 10_000 }] : [],
    })
  const refs: string[] = []
  for (const memo of memos) {
    const { claims } = await say(1)
    const { fences } = await say(0, [{ claim: claims[0]?.tasks[0]?.claim as string, memo }])
    for (const fenced of fences) if (fenced.status === 'fenced') refs.push(fenced.ref)
  }
  return refs
}

async function opened(count: number) {
  const on = await storeOn([])
  await on.storage.open(host)
  await filledJob(on.storage, { id: 'a' }, count)
  const ends = () => on.client.hgetall('{outdial}:m:a')
  return { ...on, ends }
}

const memosOf = async ({ storage }: Pick<StoreOn, 'storage'>, refs: readonly string[]) =>
  (await storage.load(refs)).map((live) => live?.memo)

async function toldMemos({ storage }: Pick<StoreOn, 'storage'>) {
  const page = await storage.events('a', 0, 1000)
  if (page.status !== 'ok') throw new Error(page.status)
  return page.events.flatMap(({ data }) => (data.type === 'fenced' ? [data.memo] : []))
}

describe('memos in two parts', () => {
  it('should be whole again, whatever they are and whatever was before them', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.integer({ min: 100, max: 400 }).map((n) => '😀x\u0001:'.repeat(n).slice(0, n)),
      fc.constantFrom('\u0001', '\u0001:', DECISION, '😀', '😁'),
    )
    const memo = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''))
    const told = fc.tuple(fc.constantFrom('a', 'b'), fc.nat({ max: 3 }), memo)
    fc.assert(
      fc.property(fc.array(told, { maxLength: 40 }), (all) => {
        const ours = new SharedMemos()
        const theirs = new SharedMemos()
        const onServer = new Map<string, string>()
        for (const [jobId, index, memo] of all) {
          const { text, end } = ours.stored(jobId, index, memo)
          if (end) onServer.set(`${jobId}:${end.id}`, utf8(end.text))
          for (const reader of [ours, theirs]) {
            for (const [job, id] of reader.wanted([[jobId, utf8(text)]])) {
              reader.learn(job, id, onServer.get(`${job}:${id}`) as string)
            }
            expect(reader.whole(jobId, utf8(text))).toBe(utf8(memo))
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('should have the same end for many, and one that others have no part in only in full', () => {
    const memos = new SharedMemos()
    const texts = Array.from({ length: 9 }, (_, i) => memos.stored('a', i, memoOf(i)).text)
    expect(texts[0]).toBe(memoOf(0))
    expect(Math.max(...texts.slice(1).map(({ length }) => length))).toBeLessThan(80)
    // Of one person, however often they are called.
    const secret = `{"said":"${'my cat is called Noodle '.repeat(30)}"}`
    for (let i = 0; i < 9; i++) expect(memos.stored('b', 7, secret)).toEqual({ text: secret })
  })

  it('should make no end of what only the calls of one exchange have in common', () => {
    const memos = new SharedMemos()
    const from = Array.from({ length: 5 }, (_, i) => `+49155550100000${i}`)
    const retry = { burned: 2, byOutcome: { no_answer: 1, busy: 1 }, infrastructure: 0, tried: [540, 1020] }
    const ids = new Set<string>()
    for (let i = 0; i < 1500; i++) {
      const begun = JSON.stringify({ from, ...(i % 3 > 0 && { retry }), at: 1_900_000_000_000 + Math.floor(i / 15) })
      const { end } = memos.stored('a', i, `${begun.slice(0, -1)},${DECISION}`)
      if (end) ids.add(end.id)
    }
    expect(ids.size).toBeLessThan(5)
  })

  it('should make no more ends of the memos of a job than a server has room for', () => {
    const memos = new SharedMemos()
    const ids = new Set<string>()
    for (let i = 0; i < 20_000; i++) {
      const { end } = memos.stored('a', i, `${i}${`${Math.floor(i / 2)}:`.repeat(60)}`)
      if (end) ids.add(end.id)
    }
    expect(ids.size).toBe(1000)
  })

  it('should forget the ends that were used longest ago', () => {
    const memos = new SharedMemos()
    const endOf = (n: number, index: number) => memos.stored('a', index, `${index}${String(n).repeat(300)}`).end
    for (let n = 1; n <= 9; n++) for (let i = 0; i < 2; i++) endOf(n, i)
    const first = endOf(1, 2)
    expect(first).toBeDefined()
    expect(endOf(9, 3)).toBe(memos.stored('a', 4, `4${'9'.repeat(300)}`).end)
  })
})

describe('memos on the server', () => {
  it('should be kept once where they are alike, and told whole to everybody', async () => {
    const on = await opened(6)
    const memos = Array.from({ length: 6 }, (_, i) => memoOf(i))
    const refs = await start(on, memos)

    expect(await memosOf(on, refs)).toEqual(memos)
    const another = storeAt(on.server)
    await another.storage.open(host)
    expect(await memosOf(another, refs)).toEqual(memos)
    expect(await toldMemos(another)).toEqual(memos)
    expect(Object.keys(await on.ends())).toHaveLength(1)
    expect((await on.client.hgetBuffer('{outdial}:live', 'a:5'))?.length).toBeLessThan(250)
  })

  it('should be told again of ends that it has lost, and do nothing before', async () => {
    const on = await opened(6)
    const memos = Array.from({ length: 6 }, (_, i) => memoOf(i))
    const before = await start(on, memos.slice(0, 3))
    await on.client.del('{outdial}:m:a')
    const after = await start(on, memos.slice(3), 'd')

    expect(after).toHaveLength(3)
    expect(Object.keys(await on.ends())).toHaveLength(1)
    expect(await memosOf(on, [...before, ...after])).toEqual(memos)
  })

  it('should keep a memo that looks like one in two parts as it came', async () => {
    const on = await opened(2)
    const memos = ['\u0001x:y', `\u0001:${DECISION}`]
    const refs = await start(on, memos)
    expect(await memosOf(storeAt(on.server), refs)).toEqual(memos)

    const report = {
      kind: 'progress',
      ref: refs[0] as string,
      rank: 5,
      state: 'ringing',
      memo: '\u0001later:',
    } as const
    const told = await on.storage.exchange({ channel: 'e', seq: 1, reports: [report], fences: [], claims: [] })
    expect(told.reports).toEqual(['applied'])
    expect(await memosOf(on, refs)).toEqual(['\u0001later:', memos[1]])
  })

  it('should keep nothing of them when their job is gone', async () => {
    const on = await opened(3)
    const refs = await start(on, [memoOf(0), memoOf(1), memoOf(2)])
    const reports = refs.map(
      (ref) =>
        ({
          kind: 'close',
          ref,
          placed: true,
          outcome: 'answered',
          result: '{}',
          next: { terminal: 'succeeded', reason: 'answered' },
        }) as const,
    )
    await on.storage.exchange({ channel: 'e', seq: 1, reports, fences: [], claims: [] })
    expect(await toldMemos(on)).toEqual([memoOf(0), memoOf(1), memoOf(2)])
    await on.storage.purge('a')
    expect(await on.ends()).toEqual({})
  })
})

/** As it comes back from a server: halves of surrogate pairs do not. */
function utf8(text: string): string {
  return Buffer.from(text).toString()
}
