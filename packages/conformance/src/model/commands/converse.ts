import type { Enlisting, Exchange, ExchangeReply, Fence, Hold, Next, Report } from '@outdial/core'
import fc from 'fast-check'
import { judgeFence, must } from '../admission.js'
import { claimable, claimableBefore } from '../claimable.js'
import { judgeClaims } from '../claims.js'
import { equal } from '../equal.js'
import { jobOfName, listOfOrganization, PEOPLE, STOP } from '../people.js'
import type { Real } from '../real.js'
import { tell, tick } from '../rules.js'
import { heldClaims, liveRefs, notesOf, pick, type World } from '../world.js'
import { Command, type Drawn } from './command.js'
import { ROUTES } from './create-job.js'
import { delays } from './intake.js'
import { memberOf } from './limits.js'

const nexts = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ wait: delays, memo: fc.option(fc.constantFrom('m0', 'm1'), { nil: undefined }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      terminal: fc.constantFrom<'succeeded' | 'failed' | 'skipped'>('succeeded', 'failed', 'skipped'),
    }),
  },
)
type NextPlan = typeof nexts extends fc.Arbitrary<infer T> ? T : never

/** Which claim or ref: one of those that are held, or any there ever was. */
const target = { at: fc.nat(), past: fc.constantFrom(false, false, false, false, true) }

/** What a report leaves behind: somebody on a list, an entry of the ledger. */
const brings = fc.record({
  ledger: fc.boolean(),
  enlist: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.record(
        { member: fc.constantFrom(...PEOPLE), wait: fc.constantFrom(0, 300, 3000), reason: fc.constant('told') },
        { requiredKeys: ['member'] },
      ),
    },
  ),
})

const reports = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('return' as const), ...target, next: nexts }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('progress' as const),
      ...target,
      rank: fc.integer({ min: 1, max: 4 }),
      unknown: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('doubt' as const), ...target }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('close' as const),
      ...target,
      placed: fc.boolean(),
      outcome: fc.constantFrom('answered', 'busy', ''),
      next: nexts,
      spent: fc.option(fc.nat(3), { nil: undefined }),
      brings,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('note' as const),
      ...target,
      id: fc.constantFrom('n0', 'n1'),
      spent: fc.option(fc.integer({ min: -2, max: 2 }), { nil: undefined }),
      amend: fc.boolean(),
      brings,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('adopt' as const),
      at: fc.nat(),
      task: fc.nat(),
      attempts: fc.constantFrom(0, 1, 1, 1, 3),
    }),
  },
)
type Brings = typeof brings extends fc.Arbitrary<infer T> ? T : never
type ReportPlan = typeof reports extends fc.Arbitrary<infer T> ? T : never

const fences = fc.record({
  ...target,
  all: fc.subarray(['cap:1', 'cap:2', 'budget', 'budget:1', 'cap:1', 'slots:cid1?', 'rate:cid3?', 'cap:2?'] as const),
  anyOf: fc.array(fc.constantFrom('slots:cid1', 'slots:cid2', 'rate:cid3', 'closed?'), { maxLength: 3 }),
  absent: fc.constantFrom(undefined, undefined, undefined, ...PEOPLE),
  until: fc.constantFrom(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1000, 30, 0),
})
type FencePlan = typeof fences extends fc.Arbitrary<infer T> ? T : never

const plan = fc.record({
  channel: fc.constantFrom('a', 'b'),
  reports: fc.array(reports, { maxLength: 4 }),
  fences: fc.array(fences, { maxLength: 4 }),
  claims: fc.array(
    fc.record({
      route: fc.constantFrom('r1' as const, 'r1' as const, 'r2' as const),
      max: fc.constantFrom<number>(1, 2, 5, 100),
      lease: fc.constantFrom<number>(500, 3000, 10_000),
    }),
    { maxLength: 2 },
  ),
})
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never

/** A request as it was drawn, for a channel and the world of now. */
function requestOf(world: World, channel: string, seq: number, drawn: Plan): Exchange {
  return {
    channel,
    seq,
    reports: drawn.reports.flatMap((report) => reportOf(world, report) ?? []),
    fences: drawn.fences.flatMap((fence) => fenceOf(world, fence) ?? []),
    claims: drawn.claims.map(({ route, max, lease }) => ({ route, max, leaseMs: lease })),
  }
}

class Converse extends Command<Plan> {
  async perform(world: World, real: Real): Promise<void> {
    const channel = real.channel(this.plan.channel)
    const seq = (real.channels.get(channel)?.seq ?? 0) + 1
    await converse(world, real, requestOf(world, channel, seq, this.plan))
  }
}

/** Sends a request, doubled, and judges what is answered. */
async function converse(world: World, real: Real, request: Exchange): Promise<void> {
  const { channel, seq } = request
  real.unwatch(channel)
  const before = new Map([...world.jobs.values()].map(({ id, phase }) => [id, phase.state]))
  const reply = await real.twice(world, () => real.storage.exchange(request))
  real.channels.set(channel, { seq, last: { request, reply } })
  if (seq % 4 === 0) {
    const wrong = seq + (seq % 8 === 0 ? 2 : -2)
    await real.refused(world, ['sequence_broken'], () => real.storage.exchange({ ...request, seq: wrong }))
  }

  equal(reply.now, world.now, 'the store has another time')
  tick(world)
  equal(
    reply.reports,
    request.reports.map((report) => (tell(world, report) ? 'applied' : 'stale')),
    'reports',
  )
  for (const [i, fence] of request.fences.entries())
    judgeFence(world, fence, reply.fences[i] as (typeof reply.fences)[0])
  judgeClaims(world, request, reply)

  for (const { id, state } of reply.jobs)
    equal(state, world.jobs.get(id)?.phase.state, `the state of ${id} in the reply`)
  for (const { id, phase } of world.jobs.values()) {
    const told = phase.state === before.get(id) || reply.jobs.some((job) => job.id === id)
    must(told, `${id} became ${phase.state}, and the reply does not say so`)
  }
  wait(world, real, request, reply)
}

/** Whoever was given less than it asked for has all there is, and is woken when there is more. */
function wait(world: World, real: Real, { channel, claims }: Exchange, reply: ExchangeReply): void {
  const given = (route: string): number =>
    reply.claims
      .filter(({ jobId }) => world.jobs.get(jobId)?.route === route)
      .reduce((sum, { tasks }) => sum + tasks.length, 0)
  const routes = ROUTES.filter((route) => claims.some((claim) => claim.route === route))
  const hungry = routes.filter(
    (route) => given(route) < claims.reduce((sum, each) => sum + (each.route === route ? each.max : 0), 0),
  )
  for (const route of hungry) {
    const left = claimable(world, route)
    must(left === undefined, `${left} may be claimed, was asked for, and was not given`)
  }
  if (hungry.length === 0 || hungry.length < routes.length) return
  const slept = claimableBefore(world, hungry, reply.wakeAt)
  must(slept === undefined, `${slept} may be claimed, and the worker was told to sleep until ${reply.wakeAt}`)
  real.watch(channel, hungry, reply.wakeAt)
}

/** A worker prepares a request, and is frozen before it sends it. */
class Freeze extends Command<Plan> {
  async perform(world: World, real: Real): Promise<void> {
    real.frozen.push(requestOf(world, `frozen${world.made++}`, 1, this.plan))
  }
}

/** A frozen worker thaws, and sends what it had prepared: what was its may be another's by now. */
class Thaw extends Command<number> {
  override check(world: Readonly<World>): boolean {
    return world.jobs.size > 0
  }
  async perform(world: World, real: Real): Promise<void> {
    const [request] = real.frozen.splice(this.plan % Math.max(1, real.frozen.length), 1)
    if (request) await converse(world, real, request)
  }
}

function reportOf(world: World, drawn: ReportPlan): Report | undefined {
  const { kind } = drawn
  const result = `result ${world.made++}`
  if (kind === 'adopt') {
    const job = pick([...world.jobs.values()], drawn.at)
    const task = job && pick(job.tasks, drawn.task)
    if (!task) return undefined
    const ref = `${job.id}:${job.tasks.indexOf(task)}:${task.attempts + drawn.attempts}:orphan${world.made++}`
    return { kind, ref, rank: 2, memo: 'adopted', checkAt: world.now + 500 }
  }
  if (kind === 'return') {
    const claim = pick(drawn.past ? world.claims : heldClaims(world), drawn.at)
    return claim === undefined ? undefined : { kind, claim, next: nextOf(world, drawn.next) }
  }
  const ref = pick(drawn.past || kind === 'note' ? world.refs : liveRefs(world), drawn.at)
  if (ref === undefined) return undefined
  const checkAt = world.now + 300
  if (kind === 'progress') {
    const { rank, unknown } = drawn
    return {
      kind,
      ref,
      rank,
      state: unknown ? 'unknown' : `state ${rank}`,
      memo: result,
      ...(rank > 2 ? { checkAt } : { callId: result }),
    }
  }
  if (kind === 'doubt') return { kind, ref, checkAt }
  if (kind === 'note') {
    const { id, spent, amend } = drawn
    return {
      ...brought(world, ref, drawn.brings),
      kind,
      ref,
      id,
      data: 'data',
      ...(spent !== undefined && { spent: [{ key: 'budget', n: spent }] }),
      ...(amend && { amend: { position: 0, result } }),
      ...(id === 'n1' && !amend && { memo: result }),
    }
  }
  const { placed, outcome, next, spent } = drawn
  // Who closes what was not placed knows of no note.
  const heard = placed ? notesOf(world, ref) : 0
  return {
    ...brought(world, ref, drawn.brings),
    kind,
    ref,
    placed,
    outcome,
    result,
    next: nextOf(world, next),
    ...(spent !== undefined && { spent }),
    ...(heard > 0 && { heard }),
  }
}

function brought(world: World, ref: string, drawn: Brings): { enlist?: Enlisting[]; ledger?: string } {
  const job = jobOfName(world, ref)
  return {
    ...(drawn.enlist && job && { enlist: [{ ...memberOf(world, drawn.enlist), list: listOfOrganization(job) }] }),
    ...(drawn.ledger && { ledger: `entry ${world.made++}` }),
  }
}

function nextOf(world: World, drawn: NextPlan): Next {
  if ('terminal' in drawn) return { terminal: drawn.terminal, reason: 'told' }
  const { wait, memo } = drawn
  return { waitUntil: wait === 0 ? 0 : world.now + wait, ...(memo !== undefined && { memo, reasons: ['told'] }) }
}

function fenceOf(world: World, drawn: FencePlan): Fence | undefined {
  const claim = pick(drawn.past ? world.claims : heldClaims(world), drawn.at)
  if (claim === undefined) return undefined
  // With a question mark it is only asked.
  const hold = (drawnKey: string): Hold => {
    const [key = '', asked] = drawnKey.split('?')
    const [limit = '', of] = key.split(':')
    const n = asked === undefined ? (limit === 'budget' ? 3 : 1) : 0
    return (limit === 'cap' || limit === 'budget') && of !== undefined ? { key, limit, n } : { key, n }
  }
  const { absent } = drawn
  const job = jobOfName(world, claim)
  const lists = [STOP, ...(job ? [listOfOrganization(job)] : [])]
  return {
    claim,
    all: drawn.all.map(hold),
    anyOf: drawn.anyOf.map((key) => [hold(key)]),
    absent: absent === undefined ? [] : lists.map((list) => ({ list, member: absent })),
    until: world.now + drawn.until,
    checkAfter: 700,
    memo: `fenced ${world.made++}`,
  }
}

/** The usual course of things in one go: fences what is claimed, ends what is live, asks for more. */
class Work extends Command<{
  channel: 'a' | 'b'
  fence: number
  close: number
  max: number
  placed: boolean
  again: boolean
}> {
  async perform(world: World, real: Real): Promise<void> {
    const { channel, fence, close, max, placed, again } = this.plan
    const upTo = (n: number, of: readonly string[]): number[] => [...of.keys()].slice(0, n)
    const next = again ? ({ wait: 1000, memo: undefined } as const) : ({ terminal: 'succeeded' } as const)
    await new Converse({
      channel,
      reports: upTo(close, liveRefs(world)).map(() => ({
        kind: 'close',
        at: 0,
        past: false,
        placed,
        outcome: 'answered',
        next,
        spent: undefined,
        brings: { ledger: again, enlist: undefined },
      })),
      fences: upTo(fence, heldClaims(world)).map((at) => ({
        at,
        past: false,
        all: [],
        anyOf: [],
        absent: undefined,
        until: Number.POSITIVE_INFINITY,
      })),
      claims: ROUTES.map((route) => ({ route, max, lease: 10_000 })),
    }).perform(world, real)
  }
}

export const freezes: Drawn = plan.map((drawn) => new Freeze(drawn))
export const thaws: Drawn = fc.nat().map((drawn) => new Thaw(drawn))
export const conversations: Drawn = plan.map((drawn) => new Converse(drawn))
export const work: Drawn = fc
  .record({
    channel: fc.constantFrom('a' as const, 'b' as const),
    fence: fc.constantFrom(1, 3, 40),
    close: fc.constantFrom(0, 0, 1, 4),
    max: fc.constantFrom(1, 4, 40),
    placed: fc.boolean(),
    again: fc.boolean(),
  })
  .map((drawn) => new Work(drawn))
/** Says nothing and asks for everything: keeps the workers hungry, so that every wake-up that gets lost is noticed. */
export const requests: Drawn = fc
  .record({
    channel: fc.constantFrom('a', 'b'),
    routes: fc.constantFrom(['r1'] as const, ['r1', 'r2'] as const, ['r2'] as const),
    max: fc.constantFrom(2, 100),
  })
  .map(
    ({ channel, routes, max }) =>
      new Converse({ channel, reports: [], fences: [], claims: routes.map((route) => ({ route, max, lease: 3000 })) }),
  )
