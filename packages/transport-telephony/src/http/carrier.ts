import type { Carrier } from '@outdial/core'
import { template } from '../agents/template.js'
import { check } from './check.js'
import { hangup } from './hangup.js'
import { lookup } from './lookup.js'
import { type HttpCarrierOptions, httpSettings } from './options.js'
import { place } from './place.js'
import { Service } from './service.js'
import { parseWebhook } from './webhook.js'

/**
 * Any dialer, PBX or AI-voice platform that speaks the protocol of `docs/carriers/http.md`, in whatever language it is
 * written. A job's agent may be a text with contact variables in it, `Hello {{name}}`; it is sent with their values.
 *
 * Throws `invalid_options` with the field. Opens no connection before the first request.
 */
export function httpCarrier(options: HttpCarrierOptions): Carrier {
  const settings = httpSettings(options)
  const service = new Service(settings)
  const { capabilities, needs } = settings
  return {
    capabilities,
    place: (attempt) => place(service, settings, attempt),
    ...(capabilities.lookup && { lookup: (call) => lookup(service, call) }),
    ...(capabilities.hangup && { hangup: (call) => hangup(service, call) }),
    parseWebhook: async (request) => parseWebhook(settings, request),
    needs: (agent) => (agent === undefined ? needs : [...new Set([...template(agent, 'agent').needs, ...needs])]),
    check: (use) => check(service, settings, use),
  }
}
