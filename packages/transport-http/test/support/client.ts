import { KEYS, type Who, type World } from './world.js'

/** How each dialect's clients say who they are. */
export const AUTH: Readonly<Record<string, (who: Who) => Record<string, string>>> = {
  native: (who) => ({ authorization: `Bearer ${KEYS[who].key}` }),
  carrierx: (who) => ({ authorization: `Bearer ${KEYS[who].key}` }),
  telnyx: (who) => ({ authorization: `Bearer ${KEYS[who].key}` }),
  talkifai: (who) => ({ authorization: `Bearer ${KEYS[who].key}` }),
  zudu: (who) => ({ 'x-api-key': KEYS[who].key, 'x-api-secret': KEYS[who].secret }),
}

/** An answer, read. */
export interface Answer {
  status: number
  headers: Headers
  /** JSON, or the text when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into what it knows to be there.
  body: any
  text: string
}

/** A client of one dialect with the key of one organization. */
export class Client {
  readonly #world: World
  readonly #auth: Record<string, string>

  constructor(world: World, dialect: string, who: Who = 'acme') {
    this.#world = world
    this.#auth = AUTH[dialect]?.(who) ?? {}
  }

  /** Sends a request. An object goes as JSON, anything else as it is. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const asJson = body !== undefined && (body === null || Object.getPrototypeOf(body) === Object.prototype)
    const response = await this.#world.fetch(path, {
      method,
      headers: { ...this.#auth, ...(asJson && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: asJson ? JSON.stringify(body) : (body as string) }),
    })
    return read(response)
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers)
  }

  post(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('POST', path, body, headers)
  }
}

export async function read(response: Response): Promise<Answer> {
  const text = await response.text()
  let body: unknown = text
  try {
    body = JSON.parse(text)
  } catch {}
  return { status: response.status, headers: response.headers, body, text }
}
