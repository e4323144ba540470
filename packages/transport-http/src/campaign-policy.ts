import { type CallPolicyOptions, OutdialError, type RuleSet } from '@outdial/core'
import { defined } from './frame/defined.js'

/** What campaigns are made of beside what a request says, whatever language it speaks. */
export interface CampaignPolicy {
  /** Options of campaigns whose request says nothing of them. A request may say otherwise. Default: those of the engine. */
  defaults?: Omit<CallPolicyOptions, 'rules'>
  /** Rule sets that every campaign has, beside those of its request; no request can take them off. Default: none. */
  rules?: readonly RuleSet[]
  /** Rule sets that a request may name in its `rules` instead of writing them out. Default: none. */
  ruleSets?: Readonly<Record<string, RuleSet>>
}

/** Rule sets as a request has them: written out, or by name. */
export type RulesGiven = readonly (RuleSet | string)[]

/** Options of a new campaign with what the policy says of it. Throws `invalid_options` for a rule set that is not there. */
export function withPolicy<Options extends object>(
  policy: CampaignPolicy,
  options: Options & { rules?: RulesGiven | undefined },
): Options & { rules?: readonly RuleSet[] } {
  const rules = rulesOf(policy, options.rules)
  return { ...policy.defaults, ...defined(options), ...(rules && { rules }) } as Options & {
    rules?: readonly RuleSet[]
  }
}

/** The rule sets of a campaign: those that every one has, and those given. `undefined`: nobody says anything of them. */
export function rulesOf(
  { rules: always = [], ruleSets = {} }: CampaignPolicy,
  given: RulesGiven | undefined,
): readonly RuleSet[] | undefined {
  if (!given) return always.length > 0 ? always : undefined
  const named = given.map((one, i) => {
    if (typeof one !== 'string') return one
    if (Object.hasOwn(ruleSets, one)) return ruleSets[one] as RuleSet
    const field = `rules[${i}]`
    const known = Object.keys(ruleSets).join(', ') || 'none'
    throw new OutdialError('invalid_options', `${field}: there is no rule set '${one}'; there are: ${known}`, { field })
  })
  // The same text twice is one: what is shown of a campaign can be sent again.
  const there = new Set(always.map(nameOf))
  return [...always, ...named.filter((one) => !there.has(nameOf(one)))]
}

function nameOf({ id, version }: RuleSet): string {
  return `${id}@${version}`
}
