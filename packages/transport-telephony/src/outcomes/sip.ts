import type { Outcome } from '@outdial/core'

/**
 * What the final answer of a SIP call says of the contact, by code. Read the code and not only the Q.850 cause: a declined call
 * (603), one that analytics blocked (608) and a trunk that may not call (403) all have cause 21 somewhere. Sources: RFC
 * 3261 (codes), RFC 3398 (causes), RFC 8197 (607), RFC 8688 (608), ATIS-1000099 (603+).
 */
const OUTCOMES: Readonly<Record<number, Outcome>> = {
  // The trunk's or the route's trouble, not the contact's.
  401: 'carrier_error',
  403: 'carrier_error',
  407: 'carrier_error',
  428: 'carrier_error',
  437: 'carrier_error',
  438: 'carrier_error',
  482: 'carrier_error',
  483: 'carrier_error',
  488: 'carrier_error',
  501: 'carrier_error',
  606: 'carrier_error',
  500: 'network_error',
  502: 'network_error',
  503: 'network_error',
  504: 'network_error',
  // The number's.
  404: 'invalid_number',
  410: 'invalid_number',
  484: 'invalid_number',
  485: 'invalid_number',
  604: 'invalid_number',
  // The person's, or the phone's.
  408: 'no_answer',
  480: 'no_answer',
  487: 'no_answer',
  486: 'busy',
  600: 'busy',
  603: 'rejected',
  607: 'unwanted',
  608: 'blocked',
}

/**
 * The outcome of a call that ended with a SIP code before anybody answered; `undefined` for codes that say nothing here
 * (1xx, 2xx, 3xx, unknown ones). `reason` is the phrase beside a 603: "Network Blocked" means that analytics blocked it.
 */
export function sipOutcome(code: number, reason = ''): Outcome | undefined {
  if (code === 603 && /network blocked/i.test(reason)) return 'blocked'
  return OUTCOMES[code]
}
