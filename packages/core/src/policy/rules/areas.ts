import { cached, derivedFrom } from '../cached.js'
import type { CallingWindow } from '../calling-window.js'
import type { Rule } from './rule-set.js'
import { type RuleClass, type RuledJob, ruleClassOf } from './rules-for.js'

// The numbers of a rule set are its area. What waits together is told apart by the areas that it is in, not by the rule sets: those
// may change while it waits, and rule sets of the same numbers come and go together.

/** The areas of a number in which rule sets of a job have windows, as one text; the same for the same ones in any order. */
export function areasOf(job: RuledJob, phone: string): string {
  const { rules } = job
  if (rules === undefined || rules.length === 0) return ''
  const found = ruleClassOf(job, phone)
  return derivedFrom(areas, found, () => ({ text: nameAreas(found) })).text
}

const areas = new WeakMap<RuleClass, { text: string }>()

function nameAreas({ rules }: RuleClass): string {
  const names = rules.flatMap(({ window, prefixes }) => (window && prefixes ? area(prefixes) : []))
  return [...new Set(names)].sort().join('+')
}

const windows = new WeakMap<RuledJob, Map<string, readonly CallingWindow[]>>()
const MOST = 1_000

/** The windows that count for whoever is in these areas: those for everybody among them. The same list for the same question. */
export function windowsIn(job: RuledJob, areas: string): readonly CallingWindow[] {
  const byAreas = derivedFrom(windows, job, () => new Map<string, readonly CallingWindow[]>())
  return cached(byAreas, MOST, areas, () => {
    const names = new Set(areas.split('+'))
    const counts = ({ prefixes }: Rule) => prefixes === undefined || names.has(area(prefixes))
    return [
      ...(job.window === null ? [] : [job.window]),
      ...(job.rules ?? []).filter(counts).flatMap(({ window }) => window ?? []),
    ]
  })
}

/** A short name of a list of prefixes: FNV-1a over them. */
function area(prefixes: readonly string[]): string {
  let hash = 0x811c9dc5
  for (const character of prefixes.join()) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0
  return hash.toString(36)
}
