import type { Deadlines, Reply, WireRequest } from '../wire/reply.js'
import { Wire } from '../wire/wire.js'

/** A request to the API, with its body as it is before it is JSON. */
export interface ApiRequest extends Pick<WireRequest, 'method' | 'path' | 'startable' | 'timeout'> {
  readonly body?: unknown
}

/** As {@link Reply}, with the body read: `undefined` when it is no JSON. */
export type ApiReply =
  | (Extract<Reply, { status: 'answered' }> & { readonly json: unknown })
  | Exclude<Reply, { status: 'answered' }>

/** Where the API is, and how long it may take. */
export interface ApiOptions extends Deadlines {
  readonly origin: string
  readonly apiKey: string
  readonly connections?: number
}

/** The service's API with the key of one account, which nobody who holds it can read. */
export class Api {
  readonly #wire: Wire
  readonly #authorization: string

  constructor({ origin, apiKey, ...deadlines }: ApiOptions) {
    this.#wire = new Wire(origin, deadlines)
    this.#authorization = `Bearer ${apiKey}`
  }

  /** Never rejects, and never sends anything twice. */
  async request({ body, ...request }: ApiRequest): Promise<ApiReply> {
    const headers: Record<string, string> = { authorization: this.#authorization, accept: 'application/json' }
    if (body !== undefined) headers['content-type'] = 'application/json'
    const text = body === undefined ? {} : { body: JSON.stringify(body) }
    const reply = await this.#wire.request({ ...request, headers, ...text })
    return reply.status === 'answered' ? { ...reply, json: jsonOf(reply.body) } : reply
  }

  /** Asks for something that changes nothing. */
  get(path: string, query: Readonly<Record<string, string | number>> = {}): Promise<ApiReply> {
    const pairs = Object.entries(query).map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
    )
    return this.request({ method: 'GET', path: pairs.length > 0 ? `${path}?${pairs.join('&')}` : path })
  }

  close(): Promise<void> {
    return this.#wire.close()
  }
}

/** What a 2xx answer has under `data`, if it is an object. */
export function dataOf(reply: ApiReply): Readonly<Record<string, unknown>> | undefined {
  return isGood(reply) ? objectOf(objectOf(reply.json)?.data) : undefined
}

/** Whether an answer came, and it is a 2xx. */
export function isGood(reply: ApiReply): reply is Extract<ApiReply, { status: 'answered' }> {
  return reply.status === 'answered' && reply.code >= 200 && reply.code < 300
}

/** What somebody else wrote, as an object; `undefined` for everything else. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}

/** Text of somebody else's; `undefined` for everything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** An ISO instant as milliseconds since the epoch; `undefined` when it is none. */
export function instantOf(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

/** The status of an answer; 0 when none came. */
export function codeOf(reply: ApiReply): number {
  return reply.status === 'answered' ? reply.code : 0
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
