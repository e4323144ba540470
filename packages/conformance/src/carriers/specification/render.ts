import { renderPage } from '../../kit/render.js'
import { CARRIER_SPECIFICATION } from './index.js'
import { type CarrierLevel, LEVELS } from './rule.js'

const ABOUT: Readonly<Record<CarrierLevel, string>> = {
  core: 'every carrier',
  events: 'carriers that tell of calls, by `parseWebhook` or `connect`',
  webhooks: 'carriers with `parseWebhook`',
  push: 'carriers with `connect`',
  amd: 'carriers that claim `amd`: they tell people from machines',
  lookup: 'carriers that claim `lookup`',
  hangup: 'carriers that claim `hangup`',
  idempotency: 'carriers that claim an `idempotency` other than `none`',
  check: 'carriers with `check`',
  needs: 'carriers with `needs`',
}

const HEAD = `# The carrier specification

What a carrier has to do, rule by rule. The [port](../packages/core/src/ports/carrier.ts) has the shapes, [Writing a carrier](writing-a-carrier.md)
says what is behind them, and \`@outdial/conformance/carriers\` has a test of the same name for each rule. This page is made from the kit's own data.`

/** The specification as Markdown: what `docs/carrier-specification.md` has to say. */
export function renderCarrierSpecification(): string {
  return renderPage({
    head: HEAD,
    subject: 'A carrier',
    areas: CARRIER_SPECIFICATION,
    levels: LEVELS,
    about: ABOUT,
    plain: 'core',
  })
}
