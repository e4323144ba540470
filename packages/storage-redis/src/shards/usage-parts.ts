import type { Limit, LimitRule, Usage } from '@outdial/core'

/**
 * What the shards together count under a key. `shared`: the limit is one of all shards, with its slots divided among them, or its pace
 * at one of them. Others count in the one shard whose organization uses them, and those that came with a job are known there only.
 */
export function usageOfParts(parts: readonly Usage[], shared: { slots?: number } | undefined): Usage {
  const newest = parts.reduce((one, other) => (other.revision > one.revision ? other : one))
  const sum = (of: (part: Usage) => number) => parts.reduce((all, part) => all + of(part), 0)
  const [held, spent] = [sum((part) => part.held), sum((part) => part.spent)]
  const counted = newest.counted !== undefined && sum((part) => part.counted ?? 0)
  const frees = parts.map(({ freeAt }) => freeAt)
  return {
    rule: shared?.slots === undefined ? newest.rule : { slots: shared.slots },
    revision: newest.revision,
    held,
    spent,
    ...(counted !== false && { counted }),
    freeAt: shared ? Math.min(...frees) : Math.max(...frees),
  }
}

/**
 * Whether a limit is to be set in every shard. Some may not know it, those for instance to which the job that it came with does not belong:
 * they would take one that is older than what counts. What all should have by now may be told again.
 */
export function isNews({ key: _, revision, ...rule }: Limit, known: Usage): boolean {
  return revision > known.revision || (revision === known.revision && text(rule) === text(known.rule))
}

function text(rule: Omit<Limit, 'key' | 'revision'> | LimitRule): string {
  return JSON.stringify(Object.entries(rule).sort())
}
