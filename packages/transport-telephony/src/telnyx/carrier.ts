import { type Carrier, OutdialError } from '@outdial/core'
import { assistantOf, type ReadyAgent } from './agents.js'
import { Api } from './api.js'
import { CallMemory } from './call-memory.js'
import { check } from './check.js'
import { COMMAND_MEMORY } from './command-id.js'
import { Commands } from './commands.js'
import { hangup } from './hangup.js'
import { HORIZON, lookup } from './lookup.js'
import { type CarrierSettings, carrierSettings, filled, type TelnyxCarrierOptions } from './options.js'
import { place } from './place.js'
import { readWebhook } from './webhook.js'

/** A Telnyx account as a carrier. */
export interface TelnyxCarrier extends Carrier {
  /** Ends its connections when what is under way has been answered. */
  close(): Promise<void>
}

/**
 * Calls through a Telnyx Call Control application. Mount `engine.webhook` at `webhookUrl`; see docs/carriers/telnyx.md for what
 * has to be set up. Throws `invalid_options` naming the option that cannot be.
 *
 * @example
 * ```ts
 * const telnyx = telnyxCarrier({
 *   apiKey, publicKey, connectionId,
 *   webhookUrl: 'https://calls.example.com/webhooks/telnyx',
 *   agents: { reminder: { speak: 'Hello {{name}}, your appointment is tomorrow.', voice: 'AWS.Polly.Joanna-Neural' } },
 *   amd: 'premium',
 * })
 * ```
 */
export function telnyxCarrier(options: TelnyxCarrierOptions): TelnyxCarrier {
  filled(options.apiKey, 'apiKey', 'a V2 API key')
  const settings = carrierSettings(options)
  const { apiKey, timeout, connectTimeout, connections } = options
  const api = new Api({
    origin: settings.service.origin,
    apiKey,
    ...(timeout !== undefined && { timeout }),
    ...(connectTimeout !== undefined && { connectTimeout }),
    ...(connections !== undefined && { connections }),
  })
  const commands = new Commands(api)
  const memory = new CallMemory()
  const { amd, cps, visibilityLag } = settings
  return {
    capabilities: {
      // It tells costs in dollars.
      costUnit: 100,
      idempotency: { window: COMMAND_MEMORY },
      // The list of events is the service's only search, and states no lag.
      lookup: { visibilityLag, horizon: HORIZON },
      hangup: true,
      amd: amd !== false,
      // The longest `time_limit_secs`, by the reference of POST /v2/calls.
      maxDuration: 14_400_000,
      // 30 dials a second for an account, counted over five; what is above is refused with a 429, code 90103.
      cps,
    },
    place: async (attempt) => {
      let agent: ReadyAgent | undefined
      try {
        agent = agentOf(settings, attempt.agent)
      } catch (error) {
        // Nothing was asked of anybody.
        return { status: 'rejected', reason: 'configuration', code: 'agent_unknown', message: (error as Error).message }
      }
      return place(api, settings, agent, attempt)
    },
    lookup: (call) => lookup(api, settings, call),
    hangup: (call) => hangup(api, commands, settings, call),
    parseWebhook: (request) => readWebhook({ api, commands, settings, memory }, request),
    needs: (agent) => agentOf(settings, agent)?.needs ?? [],
    check: async (use) => check(api, settings, use, agentOf(settings, use?.agent)?.assistant),
    close: () => api.close(),
  }
}

/** The agent that a job names; throws `invalid_options` when there is none. */
function agentOf({ agents }: CarrierSettings, name: string | undefined): ReadyAgent | undefined {
  if (name === undefined) return undefined
  const known = agents.get(name)
  if (known) return known
  if (/^assistant-[\w-]+$/.test(name)) return assistantOf(name)
  const names = [...agents.keys()].join(', ')
  throw new OutdialError(
    'invalid_options',
    `agent: there is no '${name}'; expected ${names === '' ? '' : `${names} or `}the id of an AI assistant`,
    { field: 'agent' },
  )
}
