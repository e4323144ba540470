import type { Limit, LimitRule, ListEdit, ListedMember } from '@outdial/core'
import fc from 'fast-check'
import { must } from '../admission.js'
import { equal } from '../equal.js'
import { enlist, listOf, PEOPLE, STOP } from '../people.js'
import type { Real } from '../real.js'
import { setLimit } from '../rules.js'
import { limitOf, pick, type World } from '../world.js'
import { Command, type Drawn } from './command.js'
import { ORGANIZATIONS, ROUTES } from './create-job.js'

const SCOPES = [...ORGANIZATIONS, ...ROUTES, 'everything']
const WINDOW = 2000

interface Plan {
  of: 'slots' | 'rate' | 'job slots' | 'job rate' | 'caller' | 'caller rate' | 'cap' | 'budget' | 'closed'
  at: number
  to: number | undefined
  rate: number
  revision: number
}

const plan: fc.Arbitrary<Plan> = fc.record({
  of: fc.constantFrom<
    'slots' | 'slots' | 'rate' | 'job slots' | 'job rate' | 'caller' | 'caller rate' | 'cap' | 'budget' | 'closed'
  >('slots', 'slots', 'rate', 'job slots', 'job rate', 'caller', 'caller rate', 'cap', 'budget', 'closed'),
  at: fc.nat(),
  to: fc.oneof({ weight: 3, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.constant(undefined) }),
  rate: fc.constantFrom(0.5, 1, 3, 20),
  revision: fc.constantFrom(1, 1, 1, 3, 0, -1),
})

/** The limit that was drawn; `undefined` when there is no job to limit. */
export function limitOfPlan(world: World, { of, at, to, rate, revision }: Plan): Limit | undefined {
  const job = pick([...world.jobs.keys()], at)
  if (of.startsWith('job') && job === undefined) return undefined
  const scope = SCOPES[at % SCOPES.length]
  const key = {
    slots: `slots:${scope}`,
    rate: `rate:${scope}`,
    'job slots': `slots:${job}`,
    'job rate': `rate:${job}`,
    caller: `slots:cid${1 + (at % 2)}`,
    'caller rate': 'rate:cid3',
    cap: 'cap',
    budget: 'budget',
    closed: 'closed',
  }[of]
  let rule: LimitRule = { none: true }
  if (of === 'cap') rule = { cap: to ?? 1, windowMs: WINDOW }
  else if (of === 'closed') rule = { closedUntil: world.now - 1000 + 700 * (to ?? 5) }
  else if (of === 'budget') rule = { money: (to ?? 3) * 3 }
  else if (to !== undefined) rule = of.endsWith('rate') ? { rate, burst: Math.max(1, to) } : { slots: to }
  return { key, revision: Math.max(1, limitOf(world, key).revision + revision), ...rule }
}

/** Limits of what a fence takes besides its job's own, so that there is something to run out of. */
export async function firstLimits(world: World, { storage }: Real): Promise<void> {
  const limits: Limit[] = [
    { key: 'slots:cid1', revision: 1, slots: 1 },
    { key: 'slots:cid2', revision: 1, slots: 2 },
    { key: 'rate:cid3', revision: 1, rate: 1, burst: 2 },
    { key: 'cap', revision: 1, cap: 3, windowMs: WINDOW },
    { key: 'budget', revision: 1, money: 40 },
    { key: 'closed', revision: 1, closedUntil: world.now + 800 },
  ]
  await storage.setLimits(limits)
  for (const limit of limits) setLimit(world, limit)
}

class SetLimits extends Command<Plan[]> {
  async perform(world: World, real: Real): Promise<void> {
    const limits = this.plan.flatMap((drawn) => limitOfPlan(world, drawn) ?? [])
    await real.twice(world, () => real.storage.setLimits(limits))
    for (const limit of limits) setLimit(world, limit)
  }
}

/** Raises a limit that is there, or takes it away: whoever it kept waiting has to hear of it. */
class Loosen extends Command<{ at: number; away: boolean }> {
  async perform(world: World, real: Real): Promise<void> {
    const set = [...world.limits].filter(([, { rule }]) => 'slots' in rule || 'rate' in rule)
    const found = pick(set, this.plan.at)
    if (!found) return
    const [key, { revision, rule }] = found
    const raised =
      'slots' in rule ? { slots: rule.slots + 1 } : 'rate' in rule ? { ...rule, rate: rule.rate * 4 } : rule
    const limit: Limit = { key, revision: revision + 1, ...(this.plan.away ? { none: true } : raised) }
    await real.twice(world, () => real.storage.setLimits([limit]))
    setLimit(world, limit)
  }
}

export const limits: fc.Arbitrary<Plan> = plan
export const loosenings: Drawn = fc.record({ at: fc.nat(), away: fc.boolean() }).map((drawn) => new Loosen(drawn))
export const limitChanges: Drawn = fc.array(plan, { minLength: 1, maxLength: 2 }).map((drawn) => new SetLimits(drawn))

const added = fc.oneof(
  fc.constantFrom(...PEOPLE),
  fc.record(
    {
      member: fc.constantFrom(...PEOPLE),
      wait: fc.constantFrom(0, 300, 300, 3000, 60_000),
      reason: fc.constantFrom('asked', 'busy'),
    },
    { requiredKeys: ['member'] },
  ),
)

const edits = fc.record(
  {
    clear: fc.constant(true),
    add: fc.array(added, { maxLength: 3 }),
    remove: fc.subarray([...PEOPLE]),
    asOf: fc.constantFrom(-5000, 0),
    maxAgeMs: fc.constantFrom(1000, 1e15, null, null),
  },
  { requiredKeys: [] },
)

class SetList extends Command<typeof edits extends fc.Arbitrary<infer T> ? T : never> {
  async perform(world: World, real: Real): Promise<void> {
    const { asOf, add, ...rest } = this.plan
    const edit: ListEdit = {
      ...rest,
      ...(add && { add: add.map((one) => (typeof one === 'string' ? one : memberOf(world, one))) }),
      ...(asOf !== undefined && { asOf: world.now + asOf }),
    }
    const list = listOf(world, STOP)
    if (edit.clear) list.members.clear()
    for (const one of edit.add ?? []) enlist(world, STOP, typeof one === 'string' ? { member: one } : one)
    for (const member of edit.remove ?? []) list.members.delete(member)
    if (edit.asOf !== undefined) list.asOf = edit.asOf
    if (edit.maxAgeMs === null) delete list.maxAgeMs
    else if (edit.maxAgeMs !== undefined) list.maxAgeMs = edit.maxAgeMs
    const { size } = await real.twice(world, () => real.storage.setList(STOP, edit))
    const listed = [...list.members.values()].filter(({ end }) => end > world.now).length
    must(size >= listed && size <= list.members.size, `${size} on a list of ${listed}`)
  }
}

/** A member as it was drawn, as of now. */
export function memberOf(world: World, drawn: { member: string; wait?: number; reason?: string }): ListedMember {
  const { wait, ...member } = drawn
  return { ...member, ...(wait !== undefined && { until: world.now + wait }) }
}

/** Goes through a list in pages: everybody who is on it, and nobody else. */
class Scan extends Command<{ at: number; max: number }> {
  async perform(world: World, real: Real): Promise<void> {
    const [name, list] = pick([...world.lists], this.plan.at) ?? []
    if (name === undefined || !list) return
    const found: string[] = []
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const { max } = this.plan
      const page = await real.storage.scanList(name, { max, ...(cursor !== undefined && { cursor }) })
      must(page.items.length <= max, 'too many members in a page')
      found.push(...page.items.map(({ member }) => member))
      cursor = page.cursor
    }
    const listed = [...list.members].flatMap(([member, { end }]) => (end > world.now ? [member] : []))
    equal([...new Set(found)].sort(), listed.sort(), 'who is on a list, page by page')
  }
}

export const listEdits: Drawn = edits.map((drawn) => new SetList(drawn))
export const listScans: Drawn = fc
  .record({ at: fc.nat(), max: fc.constantFrom(1, 2, 10) })
  .map((drawn) => new Scan(drawn))
