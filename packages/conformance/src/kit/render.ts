import type { AreaOf, RuleOf } from './rule.js'

/** What a specification's page says beside its rules. */
export interface Page<Level extends string> {
  /** The first heading, and what stands below it. */
  readonly head: string
  /** How a rule's sentence begins: `A store`. */
  readonly subject: string
  readonly areas: readonly AreaOf<RuleOf<Level>>[]
  readonly levels: readonly Level[]
  /** Whom the rules of each level concern. */
  readonly about: Readonly<Record<Level, string>>
  /** The level that needs no tag. */
  readonly plain: Level
}

/** A specification as Markdown. */
export function renderPage<Level extends string>(page: Page<Level>): string {
  const rules = page.areas.flatMap((area) => area.rules)
  const levels = page.levels.map((level) => {
    const count = rules.filter((rule) => rule.level === level).length
    return `- **${level}** (${count} ${count === 1 ? 'rule' : 'rules'}): ${page.about[level]}.`
  })
  const areas = page.areas.map(({ title, about, rules: defined }) => {
    const lines = defined.map(({ id, level, sentence }) => {
      const tag = level === page.plain ? '' : ` _(${level})_`
      return `- **${id}**${tag} ${page.subject} MUST ${sentence}.`
    })
    return `## ${title}\n\n${about}\n\n${lines.join('\n')}\n`
  })
  return `${page.head}\n\nLevels:\n\n${levels.join('\n')}\n\n${areas.join('\n')}`
}
