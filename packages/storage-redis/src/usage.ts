import type { LimitRule, Usage } from '@outdial/core'
import type { Packed } from './msgpack.js'

/** What a script tells of a key: the rule's kind and its two numbers, and what is counted. */
type UsageRow = [
  kind: string,
  a: number,
  b: number,
  revision: number,
  held: number,
  spent: number,
  counted: number | false,
  freeAt: number,
]

export function usageOf(packed: Packed): Usage {
  const [kind, a, b, revision, held, spent, counted, freeAt] = packed as unknown as UsageRow
  return { rule: ruleOf(kind, a, b), revision, held, spent, ...(counted !== false && { counted }), freeAt }
}

function ruleOf(kind: string, a: number, b: number): LimitRule {
  switch (kind) {
    case 'slots':
      return { slots: a }
    case 'rate':
      return { rate: a, burst: b }
    case 'cap':
      return { cap: a, windowMs: b }
    case 'money':
      return { money: a }
    case 'closed':
      return { closedUntil: a }
    default:
      return { none: true }
  }
}
