import { type CarrierCapabilities, type Clock, OutdialError, type Rejection } from '@outdial/core'
import { webAddress } from '../webhooks/public-address.js'
import type { WireOptions } from '../wire/wire.js'
import { signingKey } from './signature.js'

/** How a service that speaks the protocol of `docs/carriers/http.md` is reached, and what it can do. */
export interface HttpCarrierOptions extends WireOptions {
  /** Where the protocol begins: `https://pbx.example.com/outdial`. Requests go to `/calls`, `/capabilities` and `/check` below it. */
  baseUrl: string
  /**
   * Signs every request, and verifies events unless there is a `webhookSecret`. As Standard Webhooks write it: `whsec_` and
   * 24 to 64 random bytes in base64. Never sent, logged or stored.
   */
  secret: string
  /** Verifies events. Several while one takes the place of another. Default: `secret`. */
  webhookSecret?: string | readonly string[]
  /** Where the service sends events, named in every call. Default: none is named, and the service has been told some other way. */
  webhookUrl?: string
  /**
   * What the service can do. Whatever is left out it cannot: no idempotency, no look-up, no hanging up, no machines told
   * from people. At start it is compared with what the service says of itself, and a service that can do less is refused.
   */
  capabilities?: Partial<CarrierCapabilities>
  /** Contact variables that every call needs, beside those in the agent's text. A contact without one is rejected when it is added. */
  needs?: readonly string[]
  /** Sent along with every call as it is, such as a tenant or a trunk. */
  metadata?: Readonly<Record<string, string>>
  /** Sent with every request, such as the key of a gateway in between. Never logged or stored. */
  headers?: Readonly<Record<string, string>>
  /** Codes of the service's own for calls that it refuses, and what each is. They go before those of the protocol. */
  codes?: Readonly<Record<string, Rejection>>
  /** For the age of signatures. Default: the machine's. */
  clock?: Pick<Clock, 'now'>
}

/** The options, judged and complete. */
export interface HttpSettings {
  readonly baseUrl: URL
  readonly key: Buffer
  readonly webhookKeys: readonly Buffer[]
  readonly webhookUrl: URL | undefined
  readonly capabilities: Readonly<CarrierCapabilities>
  readonly needs: readonly string[]
  readonly metadata: Readonly<Record<string, string>> | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly codes: Readonly<Record<string, Rejection>>
  readonly wire: WireOptions
  readonly now: () => number
}

/** A service of which nothing is known: every promise that is not made need not be kept. */
const LEAST: CarrierCapabilities = { idempotency: 'none', lookup: false, hangup: false, amd: false }
const REASONS: ReadonlySet<unknown> = new Set(['contact', 'throttled', 'unavailable', 'configuration', 'account'])
/** Those that are the carrier's to say. */
const OURS = /^(webhook-.*|content-type|content-length|idempotency-key|host|connection|transfer-encoding)$/i

/** Throws `invalid_options` with the field that is wrong. */
export function httpSettings(options: HttpCarrierOptions): HttpSettings {
  const { baseUrl, secret, webhookSecret = secret, webhookUrl, capabilities, needs = [] } = options
  const { metadata, headers = {}, codes = {}, clock, timeout, connectTimeout, connections } = options
  const secrets = [webhookSecret].flat()
  if (secrets.length === 0) throw invalid('webhookSecret', 'expected at least one secret')
  const field = typeof webhookSecret === 'string' ? () => 'webhookSecret' : (i: number) => `webhookSecret[${i}]`
  const wire: WireOptions = {
    ...(timeout !== undefined && { timeout: positive(timeout, 'timeout') }),
    ...(connectTimeout !== undefined && { connectTimeout: positive(connectTimeout, 'connectTimeout') }),
    ...(connections !== undefined && { connections: positive(connections, 'connections') }),
  }
  if (!Array.isArray(needs) || !needs.every((name) => typeof name === 'string' && name !== '')) {
    throw invalid('needs', 'expected names of contact variables')
  }
  for (const [code, reason] of Object.entries(codes)) {
    if (!REASONS.has(reason)) throw invalid(`codes.${code}`, `expected one of ${[...REASONS].join(', ')}`)
  }
  return {
    baseUrl: address(baseUrl),
    key: signingKey(secret, 'secret'),
    webhookKeys: secrets.map((one, i) => signingKey(one, field(i))),
    webhookUrl: webhookUrl === undefined ? undefined : webAddress(webhookUrl, 'webhookUrl'),
    capabilities: checkedCapabilities({ ...LEAST, ...capabilities }),
    needs: [...needs],
    metadata: metadata && { ...texts(metadata, 'metadata') },
    headers: ownHeaders(headers),
    codes: { ...codes },
    wire,
    now: clock ? () => clock.now() : Date.now,
  }
}

function address(text: string): URL {
  const url = webAddress(text, 'baseUrl')
  if (url.hash !== '' || url.search !== '') throw invalid('baseUrl', 'expected an address without ? and #')
  return url
}

function checkedCapabilities(all: CarrierCapabilities): CarrierCapabilities {
  const { idempotency, lookup, maxDuration, cps, hangup, amd } = all
  if (typeof idempotency === 'object') positive(idempotency.window, 'capabilities.idempotency.window')
  else if (idempotency !== 'none' && idempotency !== 'durable') {
    throw invalid('capabilities.idempotency', "expected 'none', 'durable' or { window }")
  }
  if (lookup !== false) {
    if (typeof lookup !== 'object') throw invalid('capabilities.lookup', 'expected false or { visibilityLag, horizon }')
    if (!(lookup.visibilityLag >= 0)) throw invalid('capabilities.lookup.visibilityLag', 'expected milliseconds from 0')
    positive(lookup.horizon, 'capabilities.lookup.horizon')
  }
  if (typeof hangup !== 'boolean') throw invalid('capabilities.hangup', 'expected true or false')
  if (typeof amd !== 'boolean') throw invalid('capabilities.amd', 'expected true or false')
  if (maxDuration !== undefined) positive(maxDuration, 'capabilities.maxDuration')
  if (cps !== undefined) positive(cps, 'capabilities.cps')
  return { ...all }
}

function ownHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const given = Object.entries(texts(headers, 'headers'))
  for (const [name, value] of given) {
    const field = `headers.${name}`
    if (OURS.test(name)) throw invalid(field, 'is the carrier’s to send')
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw invalid(field, 'is no name of a header')
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) throw invalid(field, 'has characters that no header may have')
  }
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value]))
}

function texts(record: Readonly<Record<string, string>>, field: string): Readonly<Record<string, string>> {
  if (typeof record !== 'object' || record === null) throw invalid(field, 'expected names and texts')
  for (const [name, value] of Object.entries(record)) {
    if (typeof value !== 'string') throw invalid(`${field}.${name}`, 'expected a text')
  }
  return record
}

function positive(value: number, field: string): number {
  if (value > 0 && Number.isFinite(value)) return value
  throw invalid(field, `expected a number above 0, not ${value}`)
}

function invalid(field: string, problem: string): OutdialError {
  return new OutdialError('invalid_options', `${field}: ${problem}`, { field })
}
