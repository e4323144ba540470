import type { Limit, LimitRule, ListEdit } from '@outdial/core'
import fc from 'fast-check'
import { equal } from '../observe.js'
import type { Real } from '../real.js'
import { enlist, setLimit } from '../rules.js'
import { limitOf, listOf, pick, type World } from '../world.js'
import { Command, type Drawn } from './command.js'
import { ORGANIZATIONS, ROUTES } from './create-job.js'

const SCOPES = [...ORGANIZATIONS, ...ROUTES, 'everything']
const WINDOW = 2000

interface Plan {
  of: 'slots' | 'rate' | 'job slots' | 'job rate' | 'caller' | 'caller rate' | 'cap' | 'budget'
  at: number
  to: number | undefined
  rate: number
  revision: number
}

const plan: fc.Arbitrary<Plan> = fc.record({
  of: fc.constantFrom<
    'slots' | 'slots' | 'rate' | 'job slots' | 'job rate' | 'caller' | 'caller rate' | 'cap' | 'budget'
  >('slots', 'slots', 'rate', 'job slots', 'job rate', 'caller', 'caller rate', 'cap', 'budget'),
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
  }[of]
  let rule: LimitRule = { none: true }
  if (of === 'cap') rule = { cap: to ?? 1, windowMs: WINDOW }
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

const edits = fc.record(
  {
    clear: fc.constant(true),
    add: fc.subarray(['member0', 'member1']),
    remove: fc.subarray(['member0', 'member1']),
    asOf: fc.constantFrom(-5000, 0),
    maxAgeMs: fc.constantFrom(1000, 100_000),
  },
  { requiredKeys: [] },
)

class SetList extends Command<typeof edits extends fc.Arbitrary<infer T> ? T : never> {
  async perform(world: World, real: Real): Promise<void> {
    const { asOf, ...rest } = this.plan
    const edit: ListEdit = { ...rest, ...(asOf !== undefined && { asOf: world.now + asOf }) }
    const list = listOf(world, 'stop')
    if (edit.clear) list.members.clear()
    for (const added of edit.add ?? []) enlist(world, 'stop', typeof added === 'string' ? { member: added } : added)
    for (const member of edit.remove ?? []) list.members.delete(member)
    if (edit.asOf !== undefined) list.asOf = edit.asOf
    if (edit.maxAgeMs === null) delete list.maxAgeMs
    else if (edit.maxAgeMs !== undefined) list.maxAgeMs = edit.maxAgeMs
    equal(await real.twice(world, () => real.storage.setList('stop', edit)), { size: list.members.size }, 'a list')
  }
}

export const listEdits: Drawn = edits.map((drawn) => new SetList(drawn))
