import type { ListState, Storage, Usage } from '@outdial/core'
import { must } from './admission.js'
import { equal } from './equal.js'
import { earliest } from './pace.js'
import { PEOPLE } from './people.js'
import { limitOf, used, type World } from './world.js'

const EPSILON = 1e-3
const SHARING = ['cap:1', 'cap:2', 'budget:1'].map((key) => ({ key, limit: key.split(':')[0] as string }))
const NEVER = Number.POSITIVE_INFINITY

/** Every key that has a limit, and those that are counted apart under one. */
function asked(world: World): { key: string; limit?: string }[] {
  return [...[...world.limits.keys()].map((key) => ({ key })), ...SHARING]
}

/** What a store shows of lists and limits. */
interface Seen {
  lists: Omit<ListState, 'size'>[]
  usage: Usage[]
}

/** Sizes are left out: a store says itself when it forgets somebody. */
export async function look(world: World, storage: Storage): Promise<Seen> {
  const lists: Seen['lists'] = []
  for (const name of world.lists.keys()) {
    const { size: _, ...list } = await storage.getList(name, PEOPLE)
    lists.push(list)
  }
  return { lists, usage: await storage.usage(asked(world)) }
}

/** Compares it with the model. */
export function checkLook(world: World, seen: Seen): void {
  const lists = [...world.lists.values()].map(({ asOf, maxAgeMs, members }) => ({
    ...(asOf !== undefined && { asOf }),
    ...(maxAgeMs !== undefined && { maxAgeMs }),
    members: PEOPLE.map((member) => {
      const entry = members.get(member)
      if (!entry || entry.end <= world.now) return undefined
      const { end, reason } = entry
      return { member, ...(end < NEVER && { until: end }), ...(reason !== undefined && { reason }) }
    }),
  }))
  equal(seen.lists, lists, 'lists')
  for (const [i, { key, limit = key }] of asked(world).entries()) {
    const { rule, revision, stamps } = limitOf(world, limit)
    const counts = 'money' in rule ? key : limit
    const told = seen.usage[i]
    const counted =
      'cap' in rule ? (stamps.get(key) ?? []).filter((at) => at > world.now - rule.windowMs).length : undefined
    const { freeAt = 0, ...rest } = told ?? {}
    equal(
      rest,
      {
        rule,
        revision,
        held: used(world, counts),
        spent: limitOf(world, counts).spent,
        ...(counted !== undefined && { counted }),
      },
      `usage of ${key}`,
    )
    const free = freeOf(world, key, limit)
    const near = free === NEVER ? freeAt === NEVER : Math.abs(freeAt - free) <= EPSILON
    must(near || (free <= world.now && freeAt <= world.now + EPSILON), `${key} is free at ${freeAt}, not ${free}`)
  }
}

/** When a hold of 1 would be admitted. */
function freeOf(world: World, key: string, limit: string): number {
  const { rule, stamps } = limitOf(world, limit)
  if ('slots' in rule) return used(world, limit) + 1 > rule.slots ? NEVER : world.now
  if ('money' in rule) return used(world, key) + limitOf(world, key).spent + 1 > rule.money ? NEVER : world.now
  if ('rate' in rule) return earliest(world, limit)
  if ('closedUntil' in rule) return rule.closedUntil
  if (!('cap' in rule)) return world.now
  if (rule.cap < 1) return NEVER
  const inWindow = (stamps.get(key) ?? []).filter((at) => at > world.now - rule.windowMs).sort((a, b) => a - b)
  const over = inWindow.length + 1 - rule.cap
  return over <= 0 ? world.now : (inWindow[over - 1] as number) + rule.windowMs
}
