import type { WireRequest } from '../wire/reply.js'
import { retryAfter, serviceTime } from '../wire/retry-after.js'
import { Wire } from '../wire/wire.js'
import { type TwilioError, twilioError } from './errors.js'
import type { Credentials } from './options.js'

/** Parameters of a request; a list is sent as several of the same name. */
export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** A resource as Twilio's JSON has it. */
export type Json = Readonly<Record<string, unknown>>

/** What came of a request. */
export type Answer =
  /** 2xx, and JSON; nothing in it after a deletion. `time`: Twilio's own. */
  | { readonly status: 'ok'; readonly body: Json; readonly time: number | undefined }
  /** 3xx or 4xx, 429 among them. */
  | { readonly status: 'refused'; readonly error: TwilioError; readonly retryAfter: number | undefined }
  | { readonly status: 'notSent'; readonly message: string }
  /** It may have been done: a time-out, a reset, 5xx, an answer that cannot be read. */
  | { readonly status: 'unknown'; readonly message: string }

/** What goes with a request beside its address. */
interface Asked extends Pick<WireRequest, 'body' | 'headers'> {
  readonly startable?: (() => boolean) | undefined
}

const PAGE_SIZE = 1000
const MOST_PAGES = 1000

/** Twilio's API, version 2010-04-01, as one account asks it. Nothing is ever asked twice by itself. */
export class TwilioApi {
  readonly #wire: Wire
  readonly #authorization: string
  readonly #account: string

  constructor({ accountSid, user, password, base, wire }: Credentials) {
    this.#wire = new Wire(base.origin, wire)
    this.#authorization = basic(user, password)
    this.#account = accountSid
  }

  /** `path` is below the account: `Calls.json`. */
  get(path: string, query: Parameters = {}, account?: string): Promise<Answer> {
    const text = form(query)
    return this.#ask('GET', `${this.#root(account)}/${path}${text === '' ? '' : `?${text}`}`)
  }

  post(path: string, parameters: Parameters, startable?: () => boolean, account?: string): Promise<Answer> {
    return this.#ask('POST', `${this.#root(account)}/${path}`, { body: form(parameters), startable })
  }

  delete(path: string, startable?: () => boolean, account?: string): Promise<Answer> {
    return this.#ask('DELETE', `${this.#root(account)}/${path}`, { startable })
  }

  /** The account itself; with a token, as its owner asks for it. */
  account(account?: string, token?: string): Promise<Answer> {
    const headers = token === undefined ? {} : { authorization: basic(account ?? this.#account, token) }
    return this.#ask('GET', `${this.#root(account)}.json`, { headers })
  }

  /** Everything of a list, page by page; ends with what a page was refused with, if one was. */
  async *pages(path: string, query: Parameters, account?: string): AsyncGenerator<Answer, void> {
    let answer = await this.get(path, { PageSize: PAGE_SIZE, ...query }, account)
    for (let page = 1; ; page++) {
      yield answer
      const next = answer.status === 'ok' ? answer.body.next_page_uri : undefined
      if (next === undefined || next === null || next === '') return
      // Only a path of this very service: the key goes with it. What is on the page is not known, so the list is not at its end.
      if (typeof next !== 'string' || !/^\/[^/\\]/.test(next))
        return yield { status: 'unknown', message: 'a list that goes on nowhere' }
      answer =
        page < MOST_PAGES ? await this.#ask('GET', next) : { status: 'unknown', message: 'a list that does not end' }
    }
  }

  close(): Promise<void> {
    return this.#wire.close()
  }

  #root(account = this.#account): string {
    return `/2010-04-01/Accounts/${account}`
  }

  async #ask(method: WireRequest['method'], path: string, { body, startable, headers }: Asked = {}): Promise<Answer> {
    const reply = await this.#wire.request({
      method,
      path,
      headers: {
        authorization: this.#authorization,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
      ...(startable && { startable }),
    })
    if (reply.status !== 'answered') return reply
    const { code } = reply
    const read = json(reply.body)
    if (code >= 500) return { status: 'unknown', message: `Twilio answered ${code}` }
    if (code >= 300) return { status: 'refused', error: twilioError(code, read), retryAfter: retryAfter(reply.headers) }
    if (code !== 204 && read === undefined) {
      return { status: 'unknown', message: `Twilio answered ${code} with something that is not JSON` }
    }
    return { status: 'ok', body: read ?? {}, time: serviceTime(reply.headers) }
  }
}

/** What a failed question says, for people. */
export function problemOf(answer: Exclude<Answer, { status: 'ok' }>): string {
  return answer.status === 'refused' ? answer.error.message : answer.message
}

/** Parameters as a form has them. */
function form(parameters: Parameters): string {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) pairs.append(name, String(one))
  }
  return pairs.toString()
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

function json(text: string): Json | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Json) : undefined
  } catch {
    return undefined
  }
}
