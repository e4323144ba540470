import type { Rejection, ResourceError } from '@outdial/core'

/** What Twilio says when it refuses: its own code, and its words. */
export interface TwilioError {
  /** HTTP status. */
  readonly status: number
  /** Of twilio.com/docs/api/errors; 0 when the answer has none. */
  readonly code: number
  readonly message: string
  readonly moreInfo?: string
}

/**
 * Why a call was refused, by Twilio's code. All of them are said before a call is placed. Source: twilio.com/docs/api/errors.
 */
const REJECTIONS: Readonly<Record<number, Rejection>> = {
  // The number that is called.
  13223: 'contact', // format of the number to dial is wrong
  13224: 'contact', // the number is invalid, or cannot be called from Twilio
  21202: 'contact', // premium, or a special number
  21211: 'contact', // invalid 'To'
  21214: 'contact', // cannot be reached
  21217: 'contact', // does not appear to be valid
  // What is asked for.
  21201: 'configuration', // no 'To'
  21203: 'configuration', // international calls are off
  21205: 'configuration', // invalid URL
  21209: 'configuration', // invalid StatusCallback
  21210: 'configuration', // 'From' is not verified
  21212: 'configuration', // invalid 'From'
  21213: 'configuration', // 'From' is missing
  21215: 'configuration', // geographic permissions
  13225: 'configuration', // blocked destination
  13227: 'configuration', // geographic permissions
  21262: 'configuration', // no AMD callback
  // Who asks.
  10001: 'account', // account is not active
  20003: 'account', // authentication
  20005: 'account', // account is not active
  20404: 'account', // no such account, for nothing else is named by the address
  20008: 'account', // the token of test credentials, where it cannot be used
  21216: 'account', // the account may not call this number: no customer profile, or a block that support can lift
  21219: 'account', // trial account, number not verified
  // When.
  20429: 'throttled', // too many requests; documented as never processed
  10004: 'throttled', // concurrent calls of the account
  86008: 'throttled', // the same
  22005: 'throttled', // the queue of calls is full
  32001: 'throttled', // calls per second of a trunk
  32013: 'throttled', // calls per second of a trunk
}

/** "Twilio has already accepted the outbound call initiation request": the opposite of proof. */
const ALREADY_INITIATED = 21204

/**
 * Why an answer of 4xx means that nothing was placed, `undefined` when it does not: no words of Twilio's in it, so that a
 * proxy may have given it to a request that had gone on.
 */
export function rejectionOf({ status, code }: TwilioError): Rejection | undefined {
  // Without a code they are nobody's words.
  if (code === 0 || code === ALREADY_INITIATED) return undefined
  if (status === 429) return 'throttled'
  if (status < 400 || status >= 500 || status === 408) return undefined
  const known = REJECTIONS[code]
  if (known) return known
  if (status === 401) return 'account'
  // Whatever else it is, it is about the request, which the next contact's is alike.
  return status === 403 ? 'account' : 'configuration'
}

/** Reads the body of a refusal. */
export function twilioError(status: number, body: unknown): TwilioError {
  const { code, message, more_info: moreInfo } = (body ?? {}) as Record<string, unknown>
  return {
    status,
    code: typeof code === 'number' ? code : 0,
    message: typeof message === 'string' ? message : `Twilio answered ${status}`,
    ...(typeof moreInfo === 'string' && { moreInfo }),
  }
}

/** The field that a refusal of a number is about. Source: twilio.com/docs/api/errors. */
const FIELDS: Readonly<Record<number, string>> = {
  21404: 'phone_number', // trial accounts have one number
  21421: 'phone_number', // invalid
  21422: 'phone_number', // not available
  21450: 'phone_number', // is taken
  21451: 'area_code', // invalid
  21452: 'area_code', // no numbers there
  21501: 'voice_url',
  21502: 'voice_url',
  21503: 'sms_url',
  21505: 'voice_fallback_url',
  21606: 'phone_number', // not of this account
  21613: 'address_sid', // regulation asks for an address
  21615: 'address_sid', // regulation asks for a local address
  21628: 'address_sid', // cannot be validated
  21631: 'address_sid', // is missing
  21649: 'bundle_sid', // is missing
  21651: 'address_sid', // not that of the bundle
}

/** A refusal of one number, in Twilio's words. */
export function resourceError({ code, status, message, moreInfo }: TwilioError): ResourceError {
  const field = FIELDS[code]
  return {
    code: String(code === 0 ? status : code),
    title: message,
    ...(moreInfo !== undefined && { detail: moreInfo }),
    ...(field !== undefined && { pointer: `/${field}` }),
  }
}

/** Whether a refusal is about the account, and not about the item. */
export function isAccount({ status, code }: TwilioError): boolean {
  return status === 401 || REJECTIONS[code] === 'account'
}
