import { webAddress } from '../webhooks/public-address.js'
import type { WireOptions } from '../wire/wire.js'
import type { Amd } from './amd.js'
import { invalid, secret, sid, whole } from './option-checks.js'

/** How an account of Twilio's is reached. */
export interface TwilioAccount extends WireOptions {
  /** `AC` and 32 hexadecimal digits. */
  accountSid: string
  /** Signs the requests of Twilio's, and ours if there is no key. Of the account itself, also when a key is used. */
  authToken?: string
  /** `SK` and 32 hexadecimal digits: an API key that requests are made with instead of the token. */
  apiKey?: string
  apiKeySecret?: string
  /** Where the API is. Default `https://api.twilio.com`; other regions have others. */
  baseUrl?: string
}

/** Options of {@link twilioCarrier}. */
export interface TwilioCarrierOptions extends TwilioAccount {
  /**
   * Where Twilio reaches `engine.webhook` of this route, as Twilio calls it: of the proxy, if there is one. Public, https. May have a
   * query, and a fragment with Twilio's connection overrides, such as `#rc=3&rp=5xx,ct,rt`, with which it repeats what was
   * not taken.
   */
  webhookUrl: string
  /** Agents by the name that campaigns give: TwiML, an address of TwiML, or an application's SID. */
  agents?: Readonly<Record<string, string>>
  /** The agent of calls that name none. Default: there is none, and a campaign has to name one. */
  agent?: string
  /** Whether Twilio tells people from machines, which it charges for. Default `false`: no call ends as `voicemail`. */
  amd?: boolean | Amd
  /** Calls per second that the account may start; becomes the default pace of the route. Default 1, as new accounts have. */
  cps?: number
  /** Longest call, in milliseconds. Default four hours, Twilio's limit unless they raised it. */
  maxDuration?: number
  /** Has Twilio record every call. Default `false`. */
  record?: boolean
  /** SID of a trunk of your own carrier's, by which calls go out (`BY...`). Its caller ids are not checked. */
  byoc?: string
  /** Milliseconds that a call may be missing from a search after it was placed. Default two minutes. */
  visibilityLag?: number
}

/** Options of {@link twilioNumbers}. */
export interface TwilioNumbersOptions extends TwilioAccount {
  /**
   * Subaccounts by organization. With it each has the numbers of its own account, and who is not listed has none. Default:
   * all share those of `accountSid`.
   */
  accounts?: Readonly<Record<string, string>>
  /** Operations at once. Default 8. */
  concurrency?: number
  /** Milliseconds that a number may be missing from a search after it was bought. Default a minute. */
  createVisibility?: number
}

/** What requests are made with. Kept in closures and private fields only. */
export interface Credentials {
  readonly accountSid: string
  readonly authToken: string | undefined
  /** User and password of every request. */
  readonly user: string
  readonly password: string
  readonly base: URL
  readonly wire: WireOptions
}

const DEFAULT_BASE = 'https://api.twilio.com'

/** The account of some options. Throws `invalid_options` that names the field, and never shows what is in it. */
export function credentials(options: TwilioAccount): Credentials {
  const { accountSid, authToken, apiKey, apiKeySecret, baseUrl = DEFAULT_BASE } = options
  sid(accountSid, 'accountSid', 'AC')
  if (authToken !== undefined) secret(authToken, 'authToken')
  if (apiKey === undefined && apiKeySecret !== undefined) throw invalid('apiKey', 'there is a secret, and no key to it')
  if (apiKey !== undefined) {
    sid(apiKey, 'apiKey', 'SK')
    secret(apiKeySecret, 'apiKeySecret')
  } else secret(authToken, 'authToken')
  const base = webAddress(baseUrl, 'baseUrl')
  if (base.pathname !== '/' || base.search !== '' || base.hash !== '')
    throw invalid('baseUrl', 'expected scheme, host and port only')
  const wire: { -readonly [K in keyof WireOptions]: WireOptions[K] } = {}
  for (const name of ['timeout', 'connectTimeout', 'connections'] as const) {
    if (options[name] === undefined) continue
    wire[name] = whole(options[name], name)
  }
  return {
    accountSid,
    authToken,
    user: apiKey ?? accountSid,
    password: (apiKey === undefined ? authToken : apiKeySecret) as string,
    base,
    wire,
  }
}
