import { type Clock, OutdialError } from '@outdial/core'
import { webAddress } from '../webhooks/public-address.js'
import type { Deadlines } from '../wire/reply.js'
import { type ReadyAgent, readAgent, type TelnyxAgent } from './agents.js'
import { type PublicKey, readPublicKey } from './signature.js'

/** A carrier over a Telnyx Call Control application. Times in milliseconds. */
export interface TelnyxCarrierOptions extends Deadlines {
  /** A V2 API key of the account. */
  apiKey: string
  /** The account's public key, base64, by which its webhooks are known. */
  publicKey: string
  /** Id of the Call Control application that places the calls. */
  connectionId: string
  /** Where the service reaches `engine.webhook`, as it is seen from outside: public https, or http on loopback. */
  webhookUrl: string
  /** Who talks when a person answers, by the names that jobs give as `agent`. The id of an AI assistant needs no entry. */
  agents?: Readonly<Record<string, TelnyxAgent>>
  /**
   * Answering machine detection. Default `false`: everything that answers counts as a person. `detect` and `premium` are the service's,
   * and each is charged for; only `premium` knows a fax.
   */
  amd?: false | 'detect' | 'detect_words' | 'greeting_end' | 'premium'
  /** What becomes of a call that a machine answers. Default `hangup`; a text is then said only when it is known that no machine listens. */
  onMachine?: 'hangup' | 'continue'
  /** Calls per second that the route may start. Default 30, the limit of an account; set it to what yours is. */
  cps?: number
  /** The name beside the caller id. Default: none. */
  fromDisplayName?: string
  /** Which billing group pays. Default: the application's. */
  billingGroupId?: string
  /** Records calls from their answer on, in one channel or two. Default: nothing is recorded. */
  record?: 'single' | 'dual'
  /** For how long a call may be missing from the list of events after it was placed. Default 120,000; the service states none. */
  visibilityLag?: number
  /** Default `https://api.telnyx.com`. */
  baseUrl?: string
  /** Connections at most. Default 32. */
  connections?: number
  /** By which the age of webhooks is told. Give it the engine's if that is not the system's, which is the default. */
  clock?: Pick<Clock, 'now'>
}

/** The options, judged and complete; nothing secret in it. */
export interface CarrierSettings {
  readonly connectionId: string
  readonly webhookUrl: URL
  readonly service: URL
  readonly publicKey: PublicKey
  readonly agents: ReadonlyMap<string, ReadyAgent>
  readonly amd: Exclude<TelnyxCarrierOptions['amd'], undefined>
  readonly onMachine: 'hangup' | 'continue'
  readonly cps: number
  readonly fromDisplayName: string | undefined
  readonly billingGroupId: string | undefined
  readonly record: 'single' | 'dual' | undefined
  readonly visibilityLag: number
  readonly now: () => number
}

const AMD: readonly unknown[] = [false, 'detect', 'detect_words', 'greeting_end', 'premium']

/** Throws `invalid_options` naming the first option that cannot be. */
export function carrierSettings(options: TelnyxCarrierOptions): CarrierSettings {
  const { connectionId, webhookUrl, amd = false, onMachine = 'hangup', cps = 30, record } = options
  const { visibilityLag = 120_000, fromDisplayName, billingGroupId } = options
  filled(connectionId, 'connectionId', 'the id of a Call Control application')
  if (!AMD.includes(amd)) throw invalid('amd', `expected ${AMD.join(', ')}`)
  if (onMachine !== 'hangup' && onMachine !== 'continue') throw invalid('onMachine', "expected 'hangup' or 'continue'")
  if (record !== undefined && record !== 'single' && record !== 'dual')
    throw invalid('record', "expected 'single' or 'dual'")
  if (!(cps > 0 && Number.isFinite(cps))) throw invalid('cps', 'expected a number above 0')
  if (!(visibilityLag >= 0 && Number.isFinite(visibilityLag)))
    throw invalid('visibilityLag', 'expected milliseconds from 0 on')
  const agents = Object.entries(options.agents ?? {}).map(([name, agent]) => [name, readAgent(name, agent)] as const)
  return {
    connectionId,
    webhookUrl: webAddress(webhookUrl, 'webhookUrl'),
    service: serviceAddress(options.baseUrl),
    publicKey: readPublicKey(options.publicKey),
    agents: new Map(agents),
    amd,
    onMachine,
    cps,
    fromDisplayName,
    billingGroupId,
    record,
    visibilityLag,
    now: options.clock ? () => (options.clock as Pick<Clock, 'now'>).now() : Date.now,
  }
}

/** Where the API is; throws `invalid_options` for what is no address. */
function serviceAddress(baseUrl = 'https://api.telnyx.com'): URL {
  return webAddress(baseUrl, 'baseUrl')
}

/** Throws `invalid_options` unless it is a text with something in it. The value, which may be secret, is not shown. */
export function filled(value: unknown, field: string, what: string): asserts value is string {
  if (typeof value !== 'string' || value.trim() === '') throw invalid(field, `expected ${what}`)
}

/** An option that cannot be. */
function invalid(field: string, problem: string): OutdialError {
  return new OutdialError('invalid_options', `${field}: ${problem}`, { field })
}
