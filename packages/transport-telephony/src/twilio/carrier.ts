import type { Attempt, Carrier } from '@outdial/core'
import { webAddress } from '../webhooks/public-address.js'
import { Agents } from './agents.js'
import { amdParameters } from './amd.js'
import { TwilioApi } from './api.js'
import { Applications } from './applications.js'
import { check } from './check.js'
import { hangup } from './hangup.js'
import { lookup } from './lookup.js'
import { invalid, sid, whole } from './option-checks.js'
import { credentials, type TwilioCarrierOptions } from './options.js'
import { place } from './place.js'
import { parseWebhook } from './webhook.js'

/** New accounts start one call a second; more wait in Twilio's queue. Source: twilio.com/docs/voice/api/call-resource. */
const CPS = 1
/** Calls are ended after four hours, unless Twilio has raised it. Source: the same page, parameter `TimeLimit`. */
const FOUR_HOURS = 4 * 3_600_000
/** How long a list may lag behind is not documented. What is left too short would be called twice. */
const VISIBILITY_LAG = 120_000
/**
 * Events say whose a call is a quarter of an hour after it has ended (twilio.com/docs/voice/api/call-event-resource), and
 * who could not be told is asked again every quarter of an hour.
 */
const HORIZON = 45 * 60_000

/** Calls by way of Twilio. */
export interface TwilioCarrier<Variables = Record<string, unknown>> extends Carrier<Variables> {
  /** Ends the connections that are kept alive. A process that ends need not. */
  close(): Promise<void>
}

/**
 * A carrier that calls by Twilio's API, one account at a time. Throws `invalid_options`, with the field.
 *
 * Without `authToken` (with an API key alone) it places calls and cannot read webhooks, which are then another process's.
 *
 * @example
 * ```ts
 * const carrier = twilioCarrier({
 *   accountSid: process.env.TWILIO_ACCOUNT_SID ?? '',
 *   authToken: process.env.TWILIO_AUTH_TOKEN ?? '',
 *   webhookUrl: 'https://calls.example.com/webhooks/twilio',
 *   agents: { reminder: '<Response><Say>Hello {{name}}, see you on {{day}}.</Say></Response>' },
 * })
 * ```
 */
export function twilioCarrier<Variables = Record<string, unknown>>(
  options: TwilioCarrierOptions,
): TwilioCarrier<Variables> {
  const account = credentials(options)
  const { accountSid, authToken } = account
  const address = webAddress(options.webhookUrl, 'webhookUrl')
  // As everybody writes it: what Twilio signs is then what we have given it, letter by letter.
  const webhookUrl = address.href
  const { cps = CPS, maxDuration = FOUR_HOURS, visibilityLag = VISIBILITY_LAG, record = false } = options
  if (!(Number.isFinite(cps) && cps > 0)) throw invalid('cps', 'expected a number above 0')
  whole(maxDuration, 'maxDuration', 1000)
  whole(visibilityLag, 'visibilityLag', 0)
  const { byoc } = options
  if (byoc !== undefined) sid(byoc, 'byoc', 'BY')
  const amd = amdParameters(options.amd ?? false)
  const agents = new Agents(options)
  const api = new TwilioApi(account)
  const applications = new Applications(api)
  const placing = { api, agents, applications, webhookUrl, amd, record, byoc }
  const detects = amd.machineDetection !== undefined
  return {
    capabilities: {
      // A call that is asked for twice is made twice: the API has no idempotency keys.
      idempotency: 'none',
      lookup: { visibilityLag, horizon: HORIZON },
      hangup: true,
      amd: detects,
      // It tells prices in dollars, or in whatever the account pays with.
      costUnit: 100,
      maxDuration,
      cps,
    },
    place: (attempt) => place(placing, attempt as Attempt),
    lookup: (call) => lookup(api, call),
    hangup: (call) => hangup(api, call),
    ...(authToken !== undefined && {
      parseWebhook: (request) => parseWebhook({ api, accountSid, authToken, webhookUrl, amd: detects }, request),
    }),
    needs: (agent) => agents.find(agent).template.needs,
    check: (use) => check({ api, agents, applications, account, webhookUrl: address, byoc: byoc !== undefined }, use),
    close: () => api.close(),
  }
}
