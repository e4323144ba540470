import type { CallRecord, Outcome } from '@outdial/core'

/** Reason phrases of the codes that end calls (RFC 3261, 8197, 8688). */
const PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  410: 'Gone',
  480: 'Temporarily Unavailable',
  484: 'Address Incomplete',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  500: 'Server Internal Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Server Time-out',
  600: 'Busy Everywhere',
  603: 'Decline',
  604: 'Does Not Exist Anywhere',
  607: 'Unwanted',
  608: 'Rejected',
}

/** What to say of an outcome whose carrier gave no code. */
const WORDS: Readonly<Partial<Record<Outcome, string>>> = {
  outcome_unknown: 'Nobody can say what became of the call',
  abandoned: 'The call was answered, and nobody was there to talk',
}

/** The final SIP code of a call that failed, as far as its carrier told it. */
export function sipCode(call: CallRecord | undefined): number | undefined {
  const code = Number(call?.raw?.sip)
  return Number.isInteger(code) && code >= 300 && code <= 699 ? code : undefined
}

/** Why a call failed: by its code, by its outcome, or by the reason of the contact's end. */
export function failureReason(call: CallRecord | undefined, reason: string | undefined): string | undefined {
  const code = sipCode(call)
  if (code !== undefined) return `SIP status: ${code}${PHRASES[code] ? ` ${PHRASES[code]}` : ''}`
  const outcome = call?.outcome
  return (outcome && (WORDS[outcome] ?? outcome)) ?? reason
}
