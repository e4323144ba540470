import { SPECIFICATION } from './index.js'
import { LEVELS, type Level } from './rule.js'

const ABOUT: Readonly<Record<Level, string>> = {
  core: 'every store',
  shared: 'stores that claim `shared`: several processes on the same data',
  durable: 'stores that claim `durable`: what was answered survives a crash',
  paced: 'every store: starts in any window of time',
  fair: 'every store: who is served next',
}

/** The specification as Markdown: what `docs/storage-specification.md` has to say. */
export function renderSpecification(): string {
  const rules = SPECIFICATION.flatMap((area) => area.rules)
  const levels = LEVELS.map(
    (level) => `- **${level}** (${rules.filter((rule) => rule.level === level).length} rules): ${ABOUT[level]}.`,
  )
  const areas = SPECIFICATION.map(({ title, about, rules: defined }) => {
    const lines = defined.map(({ id, level, sentence }) => {
      const tag = level === 'core' ? '' : ` _(${level})_`
      return `- **${id}**${tag} A store MUST ${sentence}.`
    })
    return `## ${title}\n\n${about}\n\n${lines.join('\n')}\n`
  })
  return `# The storage specification

What a store has to do, rule by rule. The [port](../packages/core/src/ports/storage.ts) has the shapes, [Writing a store](writing-a-store.md)
says what holds it together, and \`@outdial/conformance\` has a test of the same name for each rule. This page is made from the kit's own data.

Levels:

${levels.join('\n')}

${areas.join('\n')}`
}
