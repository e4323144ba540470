import { renderPage } from '../kit/render.js'
import { SPECIFICATION } from './index.js'
import { LEVELS, type Level } from './rule.js'

const ABOUT: Readonly<Record<Level, string>> = {
  core: 'every store',
  shared: 'stores that claim `shared`: several processes on the same data',
  durable: 'stores that claim `durable`: what was answered survives a crash',
  paced: 'every store: starts in any window of time',
  fair: 'every store: who is served next',
}

const HEAD = `# The storage specification

What a store has to do, rule by rule. The [port](../packages/core/src/ports/storage.ts) has the shapes, [Writing a store](writing-a-store.md)
says what holds it together, and \`@outdial/conformance\` has a test of the same name for each rule. This page is made from the kit's own data.`

/** The specification as Markdown: what `docs/storage-specification.md` has to say. */
export function renderSpecification(): string {
  return renderPage({
    head: HEAD,
    subject: 'A store',
    areas: SPECIFICATION,
    levels: LEVELS,
    about: ABOUT,
    plain: 'core',
  })
}
