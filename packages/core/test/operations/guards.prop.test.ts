import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { contactReader } from '../../../contacts/src/index.js'
import { simulatedCarrier } from '../../../simulation/src/index.js'
import { type CallJob, type Engine, isOutdialError } from '../../src/index.js'
import { all, changes, phones, world } from './support/bench.js'

const ORGANIZATIONS = ['acme', 'globex'] as const
const NUMBERS = phones(6)
/** What was looked at may be acted upon so much later, and the request is under way for a while. */
const RACE = 10_000 + 2 * 3000

const pool = fc.uniqueArray(fc.nat(NUMBERS.length - 1), { minLength: 1, maxLength: 3 })
const campaign = fc.record({
  /** Virtual time after the beginning at which it is made, and after which it is ended. */
  after: fc.nat(60_000),
  lasts: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(60_000)),
  organization: fc.constantFrom(...ORGANIZATIONS),
  pool,
})
const scenario = fc.record({
  seed: fc.nat(),
  campaigns: fc.array(campaign, { maxLength: 6 }),
  entries: fc.uniqueArray(fc.nat(NUMBERS.length - 1), { minLength: 1 }),
  sharing: fc.constantFrom('own' as const, 'any' as const),
  allowInUse: fc.boolean(),
  keepBefore: fc.boolean(),
  cps: fc.constantFrom(0.1, 1, 10),
  workers: fc.integer({ min: 1, max: 2 }),
})

/** A campaign as it was in this world. */
interface Lived {
  from: readonly string[]
  organization: string
  made: number
  ended: number
}

describe('numbers in use', () => {
  property.prop([scenario], { numRuns: 60 })('are not deleted, and nothing else is kept', async (given) => {
    const here = world({ numbers: { acme: NUMBERS }, latency: [0, 3000], seed: given.seed })
    const carriers = { sim: simulatedCarrier({ clock: here.clock }) }
    const worker = () => here.engine({ carriers, contacts: contactReader(), callerIds: given.sharing })
    const engines = Array.from({ length: given.workers }, worker)
    const [engine] = engines as [Engine]
    const entries = given.entries.map((i) => NUMBERS[i] as string)
    const job = await engine.operations.create({
      ...{ organization: 'acme', type: 'phonenumber', name: 'Drop', method: 'delete', start: 'now', entries },
      ...{ allowInUse: given.allowInUse, keepBefore: given.keepBefore, cps: given.cps, expect: entries.length },
    })
    const lived: Lived[] = []
    const made = given.campaigns.map(async ({ after, lasts, organization, pool }) => {
      await here.wait(after)
      const from = pool.map((i) => NUMBERS[i] as string)
      const contacts = [{ phone: '+12025550177' }]
      const one = await engine.calls.create({ name: 'Spring', organization, carrier: 'sim', from, contacts })
      const life: Lived = { from, organization, made: here.clock.now(), ended: Number.POSITIVE_INFINITY }
      lived.push(life)
      if (lasts === Number.POSITIVE_INFINITY) return
      await here.wait(lasts)
      life.ended = here.clock.now()
      await one.cancel()
    })
    for (const one of engines) await one.start()
    await job.finished()
    await Promise.all(made)
    const items = await all(job.items())

    const deletedAt = new Map(
      [...here.inventory.ledger].flatMap(({ kind, ref, at }) =>
        kind === 'deleted' && ref !== undefined ? [[ref, at] as const] : [],
      ),
    )
    for (const item of items) {
      const counted = lived.filter(
        ({ from, organization }) =>
          from.includes(item.entry as string) && (given.sharing === 'any' || organization === 'acme'),
      )
      const at = deletedAt.get(item.operations.at(-1)?.ref ?? '') as number
      if (item.state === 'succeeded') {
        // It was nobody's when it was deleted, but for those who came while the request was under way.
        const users = counted.filter(({ made, ended }) => made < at - RACE && ended > at)
        if (!given.allowInUse) expect(users).toEqual([])
      } else {
        expect(item).toMatchObject({ state: 'failed', reason: 'rejected', errors: [{ code: 'number_in_use' }] })
        expect(given.allowInUse).toBe(false)
        expect(counted).not.toEqual([])
      }
      expect(item.before === undefined).toBe(!given.keepBefore)
    }
    const { deleted = 0, ...others } = changes(here.inventory)
    expect(deleted).toBe(items.filter(({ state }) => state === 'succeeded').length)
    expect(others).toEqual({})
    for (const one of engines) await one.stop()
    expect(here.clock.timers()).toEqual([])
  })
})

/** What somebody may do to a job that waits for review, in any order. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('cancelItem' as const), index: fc.nat(5) }),
  fc.record({ kind: fc.constant('approve' as const), expect: fc.nat(6) }),
)

describe('the expected count', () => {
  property.prop([fc.integer({ min: 1, max: 6 }), fc.array(step)])('lets go what was counted', async (size, steps) => {
    const here = world({ numbers: { acme: NUMBERS } })
    const engine = here.engine()
    const entries = NUMBERS.slice(0, size)
    const drop = { organization: 'acme', type: 'phonenumber', name: 'Drop', method: 'delete', entries } as const
    const job = await engine.operations.create({ ...drop, review: true, expect: size })
    // The model: which items wait, and whether the job has been let go.
    const waiting = new Set(entries.keys())
    let state: 'pending_review' | 'queued' | 'completed' = 'pending_review'
    for (const one of steps) {
      const told = await act(job, one)
      if (one.kind === 'cancelItem') {
        const code = one.index >= size ? 'task_not_found' : waiting.has(one.index) ? 'ok' : 'task_ended'
        expect(told).toBe(code)
        waiting.delete(one.index)
        if (waiting.size === 0 && state === 'queued') state = 'completed'
      } else {
        const fits = one.expect === waiting.size
        expect(told).toBe(state !== 'pending_review' ? 'illegal_transition' : fits ? 'ok' : 'unexpected_count')
        if (told === 'ok') state = waiting.size === 0 ? 'completed' : 'queued'
      }
      expect((await job.snapshot()).state).toBe(state)
    }
    await engine.stop()
  })
})

async function act(
  job: Pick<CallJob, 'approve'> & { cancelItem(index: number): Promise<unknown> },
  one: typeof step extends fc.Arbitrary<infer T> ? T : never,
) {
  try {
    await (one.kind === 'cancelItem' ? job.cancelItem(one.index) : job.approve({ expect: one.expect }))
    return 'ok'
  } catch (error) {
    if (!isOutdialError(error)) throw error
    return error.code
  }
}
