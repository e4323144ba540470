import type { Usage } from '@outdial/core'

/**
 * What the shards together count under a key. A limit that they share is divided among them: `total` is the whole of it. Other
 * limits count in the one shard whose organization uses them.
 */
export function usageOfParts(parts: readonly Usage[], total: number | undefined): Usage {
  const [first] = parts as [Usage]
  const sum = (of: (part: Usage) => number) => parts.reduce((all, part) => all + of(part), 0)
  const [held, spent] = [sum((part) => part.held), sum((part) => part.spent)]
  const counted = first.counted !== undefined && sum((part) => part.counted ?? 0)
  const frees = parts.map(({ freeAt }) => freeAt)
  // A pace is at one shard, and a share of slots may be free anywhere.
  const together = 'rate' in first.rule || total !== undefined
  return {
    rule: total === undefined ? first.rule : { slots: total },
    revision: Math.max(...parts.map(({ revision }) => revision)),
    held,
    spent,
    ...(counted !== false && { counted }),
    freeAt: together ? Math.min(...frees) : Math.max(...frees),
  }
}
