import { type Template, template, urlValue, xmlValue } from '../agents/template.js'
import { webAddress } from '../webhooks/public-address.js'
import { invalid } from './option-checks.js'
import type { TwilioCarrierOptions } from './options.js'

/** Who talks when somebody answers. */
export type Agent =
  /** TwiML that goes with the request. */
  | { readonly kind: 'twiml'; readonly template: Template }
  /** An address that Twilio gets the TwiML from. */
  | { readonly kind: 'url'; readonly template: Template }
  /** The voice address of a TwiML application, with a query behind it. */
  | { readonly kind: 'application'; readonly sid: string; readonly template: Template }

const APPLICATION = /^(AP[0-9a-fA-F]{32})(?:\?(.*))?$/s
/** Campaigns may write an agent of their own for every contact; what was read is kept for so many. */
const KEPT = 1000

/** Finds the agent that campaigns and contacts name. */
export class Agents {
  readonly #named: ReadonlyMap<string, Agent>
  readonly #default: Agent | undefined
  readonly #read = new Map<string, Agent>()

  /** Throws `invalid_options` for one that cannot be read. */
  constructor({ agents = {}, agent }: Pick<TwilioCarrierOptions, 'agents' | 'agent'>) {
    this.#named = new Map(
      Object.entries(agents).map(([name, text]) => {
        const field = `agents.${name}`
        if (typeof text !== 'string') throw invalid(field, 'expected TwiML, an address, or an application')
        const read = readAgent(text, field)
        if (!read) throw invalid(field, "expected TwiML ('<Response>...'), an address, or 'AP' and 32 digits")
        return [name, read]
      }),
    )
    this.#default = agent === undefined ? undefined : this.find(agent)
  }

  /** Throws `invalid_options` with the field `agent` when there is no such agent. */
  find(text: string | undefined): Agent {
    if (text === undefined) {
      if (this.#default) return this.#default
      throw invalid('agent', `a call by Twilio needs one: ${this.#choice()}`)
    }
    const known = this.#named.get(text) ?? this.#read.get(text)
    if (known) return known
    const read = readAgent(text, 'agent')
    if (!read) throw invalid('agent', `there is no agent '${text.slice(0, 60)}'; expected ${this.#choice()}`)
    if (this.#read.size >= KEPT) this.#read.clear()
    this.#read.set(text, read)
    return read
  }

  /** Those of the options, with the option that each is in. */
  *configured(): Generator<[field: string, agent: Agent]> {
    for (const [name, agent] of this.#named) yield [`agents.${name}`, agent]
    if (this.#default && ![...this.#named.values()].includes(this.#default)) yield ['agent', this.#default]
  }

  #choice(): string {
    const names = [...this.#named.keys()]
    const named = names.length === 0 ? '' : `, or one of: ${names.join(', ')}`
    return `TwiML ('<Response>...'), an address that answers with TwiML, an application ('AP...')${named}`
  }
}

/** What a text stands for, unless it is a name. */
function readAgent(text: string, field: string): Agent | undefined {
  const trimmed = text.trim()
  if (trimmed.startsWith('<')) return { kind: 'twiml', template: template(trimmed, field) }
  if (/^https?:\/\//i.test(trimmed)) {
    const read = template(trimmed, field)
    // What a contact says must not decide who is asked.
    const host = trimmed.slice(trimmed.indexOf('//') + 2).split(/[/?#]/, 1)[0] ?? ''
    if (host.includes('{{')) throw invalid(field, 'a variable cannot be in the host of an address')
    webAddress(read.render({}, urlValue), field)
    return { kind: 'url', template: read }
  }
  const [, sid, query = ''] = APPLICATION.exec(trimmed) ?? []
  return sid === undefined ? undefined : { kind: 'application', sid, template: template(query, field) }
}

/** How values are written where an agent has them. */
export function renderAgent({ kind, template: made }: Agent, variables: Readonly<Record<string, unknown>>): string {
  return made.render(variables, kind === 'twiml' ? xmlValue : urlValue)
}
