/** One sentence of a specification. */
export interface RuleOf<Level extends string> {
  /** A letter and three digits; never used for another rule again. */
  readonly id: string
  readonly level: Level
  /** What an adapter MUST do: the rest of the sentence that begins with the adapter. */
  readonly sentence: string
}

/** The rules about one subject, in the order of the specification. */
export interface AreaOf<Rule extends RuleOf<string>> {
  readonly title: string
  /** What the rules of this area are about, for readers of the specification. */
  readonly about: string
  readonly rules: readonly Rule[]
}

/** Rules of one level, by id. */
export function rules<Level extends string>(
  level: Level,
  sentences: Readonly<Record<string, string>>,
): RuleOf<Level>[] {
  return Object.entries(sentences).map(([id, sentence]) => ({ id, level, sentence }))
}

/** All rules, if each has its test and each test its rule. */
export function complete<Rule extends RuleOf<string>>(
  areas: readonly AreaOf<Rule>[],
  tests: Readonly<Record<string, unknown>>,
): Rule[] {
  const all = areas.flatMap((area) => area.rules)
  const ids = all.map(({ id }) => id)
  const untested = ids.filter((id) => !(id in tests))
  const unknown = Object.keys(tests).filter((id) => !ids.includes(id))
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i)
  if (untested.length + unknown.length + twice.length > 0) {
    throw new Error(
      `The kit is incomplete. Rules without a test: ${untested.join(', ') || 'none'}. ` +
        `Tests without a rule: ${unknown.join(', ') || 'none'}. Ids used twice: ${twice.join(', ') || 'none'}.`,
    )
  }
  return all
}
