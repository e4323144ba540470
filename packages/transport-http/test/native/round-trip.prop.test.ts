import type { CallJobOptions, CallPolicyOptions } from '@outdial/core'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { native } from '../../src/index.js'
import { CALLER_IDS, people } from '../support/people.js'
import { World } from '../support/world.js'
import { CheckedClient } from './checked-client.js'

/*
 * What is shown of a campaign can be sent again, and makes the same: every option, in every form that it may have.
 */

let world: World
let acme: CheckedClient
beforeAll(async () => {
  world = await World.open({
    dialects: [native()],
    engine: { rates: { sim: { default: { perMinute: 2 } } }, ledger: 'keep' },
  })
  acme = new CheckedClient(world, 'native')
})
afterAll(() => world.close())

const [FIRST, SECOND] = CALLER_IDS
const SECOND_MS = 1000
const HOUR = 3_600_000

const option = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 3 })
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null, freq: 3 })
/** An object with some of these fields. */
const some = <T>(fields: { [Name in keyof T]: fc.Arbitrary<T[Name]> }) => fc.record(fields, { requiredKeys: [] })

const count = fc.integer({ min: 1, max: 50 })
const rate = fc.integer({ min: 1, max: 400 }).map((n) => n / 8)
const share = fc.integer({ min: 0, max: 100 }).map((n) => n / 100)
const ms = fc.integer({ min: SECOND_MS, max: 12 * HOUR })
const length = fc.oneof(
  ms,
  ms.map((n) => `${n}ms`),
  count.map((n) => `${n}s`),
  count.map((n) => `${n}m30s`),
)
const days = fc.integer({ min: 1, max: 300 }).map((n) => `${n}d`)
const money = fc.integer({ min: 0, max: 10_000 })
const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** Spans of a day that do not meet, in any order. */
const spans = (least: number, most: number) =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 2 * least, maxLength: 2 * most })
    .map((minutes) => minutes.sort((a, b) => a - b).map(clock))
    .map((times) => times.flatMap((from, i) => (i % 2 === 0 && i + 1 < times.length ? [[from, times[i + 1]]] : [])))
    .filter((pairs) => pairs.length >= least) as fc.Arbitrary<[string, string][]>

const max = option(count)
const jitter = option(share)
const later = { after: option(length), spread: option(length), max }
const retryRule = fc.oneof(
  fc.array(length, { maxLength: 4 }),
  fc.record({
    delays: fc.array(length, { minLength: 1, maxLength: 4 }),
    by: option(fc.constantFrom('outcome', 'attempt')),
    max,
    jitter,
  }),
  fc.record({
    exponential: fc.record({
      first: count.map((n) => `${n}s`),
      factor: option(rate.map((n) => n + 1)),
      max: option(days),
    }),
    max,
    jitter,
  }),
  fc.record({ at: fc.integer({ min: 0, max: 1439 }).map(clock), ...later }),
  fc.record({
    anotherTimeOfDay: fc.oneof(
      fc.subarray(['morning', 'afternoon', 'evening'], { minLength: 2 }),
      spans(2, 6).map((pairs) => pairs.map(([from, until]) => ({ from, until })).reverse()),
    ),
    ...later,
  }),
)
const RETRIED = ['no_answer', 'busy', 'rejected', 'failed', 'blocked'] as const
const retry = some(Object.fromEntries(RETRIED.map((outcome) => [outcome, retryRule])))

const date = fc.integer({ min: 1, max: 28 }).map((day) => `2027-03-${String(day).padStart(2, '0')}`)
const blackout = fc.oneof(
  date.map((from) => ({ from, until: '2027-04-01T09:30' })),
  date.map((from) => ({ from: `${from}T12:00:00-05:00`, until: '2027-04-01T00:00:00Z' })),
  date.map((from) => ({ from: Date.parse(`${from}T06:15:00.250Z`), until: Date.parse('2027-04-01T00:00:00Z') })),
)
const closing = { closedOn: fc.array(date, { maxLength: 3 }), blackouts: fc.array(blackout, { maxLength: 2 }) }
const hours = fc.oneof(
  spans(1, 3),
  spans(1, 3).map((pairs) => pairs.map((pair) => pair.join('-')).join(',')),
)
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const windowWith = (more: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof(
    fc.constantFrom('09:00-20:00', 'mon-fri 09:00-12:00,13:00-24:00; sat 10:00-16:00'),
    fc.record(
      { days: fc.constantFrom('mon-fri', 'sat,sun'), hours, ...more, ...closing },
      { requiredKeys: ['days', 'hours'] },
    ),
    fc.record(
      { ...Object.fromEntries(DAYS.map((day) => [day, hours])), ...more, ...closing, wed: hours },
      { requiredKeys: ['wed'] },
    ),
  )
const zone = fc.constantFrom('America/New_York', 'Asia/Kolkata', 'UTC')
const windows = (more: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof(windowWith(more), fc.array(windowWith({}), { minLength: 1, maxLength: 3 }))

const caps = fc.uniqueArray(
  fc.record({
    per: fc.constantFrom('phone', 'externalId', 'contact', 'subject', 'organization'),
    max: count,
    within: days,
  }),
  { maxLength: 3, selector: ({ per }) => per },
)
const outcome = fc.constantFrom('answered', 'rejected', 'abandoned', 'unwanted')
const cooldown = fc.oneof(
  fc.record(
    {
      after: fc.uniqueArray(outcome, { minLength: 1, maxLength: 3 }),
      dispositions: fc.array(fc.string({ minLength: 1, maxLength: 9 }), { maxLength: 2 }),
      wait: days,
      per: fc.constantFrom('phone', 'externalId', 'contact', 'subject'),
    },
    { requiredKeys: ['after', 'wait'] },
  ),
  fc.record({ dispositions: fc.constant(['refused']), wait: length }),
)
const cooldowns = fc.array(cooldown, { maxLength: 3 })
const prefix = fc.integer({ min: 1200, max: 1999 }).map((n) => `+${n}`)
const ruleSet = fc.oneof(
  fc.record(
    {
      id: fc.constantFrom('us-florida', 'a.b_c-1', '7'),
      version: fc.constant('1'),
      source: fc.string({ minLength: 1, maxLength: 40 }),
      effectiveFrom: fc.constant('2027-01-01'),
      effectiveUntil: fc.constant('2028-01-01'),
      appliesTo: fc.record({ prefixes: fc.array(prefix, { minLength: 1, maxLength: 4 }) }),
      window: windows({}),
      ...closing,
      caps: caps.filter((list) => list.length > 0),
      cooldowns,
    },
    { requiredKeys: ['id', 'version', 'source', 'caps'] },
  ),
  // Closed days alone: open but for those.
  fc.record({
    id: fc.constant('holidays'),
    version: fc.constant('2027'),
    source: fc.constant('a calendar'),
    closedOn: fc.array(date, { minLength: 1, maxLength: 3 }),
  }),
)

const ofNumber = { concurrency: orNull(count), cps: orNull(rate), perDay: orNull(count) }
const ofNumbers = (numbers: readonly string[]) =>
  fc.record(
    {
      ...ofNumber,
      numbers: some(Object.fromEntries(numbers.map((number) => [number, some(ofNumber)]))),
      order: fc.constantFrom('rotate', 'listed'),
      sticky: fc.boolean(),
      localPresence: fc.boolean(),
    },
    { requiredKeys: [] },
  )

/** Every option that may be changed; one that is missing here is an error of types. */
const POLICY: Record<keyof CallPolicyOptions, fc.Arbitrary<unknown>> = {
  concurrency: orNull(count),
  cps: orNull(rate),
  callerIds: ofNumbers([FIRST]),
  attempts: count,
  retry,
  successOutcomes: fc.constantFrom(['answered'], ['answered', 'voicemail'], ['fax']),
  window: orNull(windows({ timezone: zone })),
  spread: orNull(length),
  caps,
  budget: orNull(some({ total: orNull(money), perDay: orNull(money) })),
  cooldowns,
  suppressAfter: fc.array(
    fc.oneof(outcome, fc.record({ outcome, list: option(fc.constantFrom('job', 'organization')) })),
    { maxLength: 3 },
  ),
  identify: some({ person: fc.constant('customerId'), subject: fc.constant('debtId') }),
  rules: fc.uniqueArray(ruleSet, { maxLength: 3, selector: ({ id }) => id }),
  ringTimeout: fc.integer({ min: SECOND_MS, max: 600_000 }),
  maxDuration: length,
  unknown: fc.constantFrom('fail', 'retry'),
  infrastructureLimit: count,
  weight: rate,
  freshShare: orNull(share),
}

/** Said elsewhere in the view of a job, about its rows, or the transport's. */
type Elsewhere =
  | 'name'
  | 'description'
  | 'metadata'
  | 'start'
  | 'review'
  | 'expires'
  | 'contacts'
  | 'variables'
  | 'columns'
  | 'defaultRegion'
  | 'rows'
  | 'onRow'
  | 'organization'
  | 'idempotencyKey'
  | 'fingerprint'

const CREATION: Record<Exclude<keyof CallJobOptions, keyof CallPolicyOptions | Elsewhere>, fc.Arbitrary<unknown>> = {
  from: fc.constantFrom(FIRST, [FIRST], [FIRST, SECOND], [SECOND, FIRST]),
  carrier: fc.constant('sim'),
  agent: fc.constant('agent_0'),
  timezone: zone,
  zoneBy: fc.constantFrom('number', 'job'),
  keepOpen: fc.boolean(),
  account: fc.constant('acme-money'),
  reserve: money,
}

const policy = fc.record(POLICY, { requiredKeys: [], noNullPrototype: true })
const creation = fc.record({ ...CREATION, ...POLICY }, { requiredKeys: ['from'] })

const CAMPAIGN = { name: 'Again', from: FIRST, contacts: people(1) }

async function made(options: object) {
  const { status, body, text } = await acme.post('/v1/call-jobs', { ...CAMPAIGN, ...options })
  expect(status, text).toBe(201)
  return body
}

/** All that the engine knows of a campaign by its options, but for numbers that it does not call from any more. */
async function kept(id: string) {
  const job = await world.engine.calls.get(id)
  const { spec, weight, freshShare } = (await job?.snapshot()) ?? {}
  if (spec?.kind !== 'calls') throw new Error('no campaign')
  const { callerIds, ...rest } = spec
  const own = Object.entries(callerIds?.numbers ?? {}).filter(
    ([number, limits]) => spec.from.includes(number) && Object.keys(limits).length > 0,
  )
  return { spec: rest, callerIds: callerIds && { ...callerIds, numbers: Object.fromEntries(own) }, weight, freshShare }
}

it('makes the same campaign of what it shows of one', async () => {
  await fc.assert(
    fc.asyncProperty(creation, async (options) => {
      const first = await made(options)
      const again = await made(first.options)
      expect(again.options).toEqual(first.options)
      expect(await kept(again.id)).toEqual(await kept(first.id))
    }),
    { numRuns: 50 },
  )
})

it('makes the same of one that was changed, its numbers too', async () => {
  const numbers = fc.constantFrom([FIRST], [FIRST, SECOND], [SECOND, FIRST])
  const more = fc.record({ from: option(numbers), ...POLICY }, { requiredKeys: [], noNullPrototype: true })
  await fc.assert(
    fc.asyncProperty(creation, policy, fc.array(more, { maxLength: 2 }), async (options, change, later) => {
      const { id } = await made({ ...options, callerIds: options.callerIds ?? {} })
      let shown: { options: Record<string, unknown> } | undefined
      for (const changes of [change, ...later]) {
        const { status, body, text } = await acme.send('PATCH', `/v1/call-jobs/${id}`, changes)
        // A rule for what is a success now is refused, and nothing is changed.
        if (status === 422) expect(body.field, text).toMatch(/^(?:retry\.|callerIds\.numbers\.)/)
        else shown = body
      }
      if (!shown) return
      const again = await made(shown.options)
      expect(again.options).toEqual(shown.options)
      expect(await kept(again.id)).toEqual(await kept(id))
    }),
    { numRuns: 30 },
  )
})
