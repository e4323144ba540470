import { renderPage } from '../../kit/render.js'
import { RESOURCE_SPECIFICATION } from './index.js'
import { LEVELS, type ResourceLevel } from './rule.js'

const ABOUT: Readonly<Record<ResourceLevel, string>> = {
  core: 'every back end',
  list: 'back ends with `list`',
  findCreated: 'back ends whose `createVisibility` is not `false`',
  check: 'back ends with `check`',
}

const HEAD = `# The resource specification

What the back end of a type of resource has to do, rule by rule. The [port](../packages/core/src/ports/resources.ts) has the shapes,
and \`@outdial/conformance/resources\` has a test of the same name for each rule. This page is made from the kit's own data.`

/** The specification as Markdown: what `docs/resource-specification.md` has to say. */
export function renderResourceSpecification(): string {
  return renderPage({
    head: HEAD,
    subject: 'A back end',
    areas: RESOURCE_SPECIFICATION,
    levels: LEVELS,
    about: ABOUT,
    plain: 'core',
  })
}
