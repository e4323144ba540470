import type { Clock } from '@outdial/core'

/** Absolute URLs of a transport. */
export interface Links {
  /** The URL of a path of this transport, e.g. of the next page. */
  to(path: string): string
  /** The same, as its own key: works without headers for `ms` milliseconds, for this organization's data and GET only. */
  signed(path: string, ms: number): Promise<string>
}

const PARAMETERS = { organization: 'organization', expires: 'expires', signature: 'signature' } as const

type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** Signs paths and checks them, with HMAC-SHA256. */
export class LinkSigner {
  readonly #key: Promise<CryptoKey>
  readonly #clock: Clock

  constructor(secret: string | undefined, clock: Clock) {
    const bytes = secret === undefined ? crypto.getRandomValues(new Uint8Array(32)) : new TextEncoder().encode(secret)
    this.#key = crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
    this.#clock = clock
  }

  links(organization: string, base: string): Links {
    return {
      to: (path) => `${base}${path}`,
      signed: async (path, ms) => {
        const expires = String(Math.floor(this.#clock.now() + ms))
        const key = await this.#key
        const mac = await crypto.subtle.sign('HMAC', key, message(path, organization, expires))
        const query = new URLSearchParams({ organization, expires, signature: hex(new Uint8Array(mac)) })
        return `${base}${path}?${query}`
      },
    }
  }

  /** The organization that a signed URL speaks for; `undefined` when it is forged or over. Takes its parameters out. */
  async verify(path: string, search: URLSearchParams): Promise<string | undefined> {
    const take = (name: string) => {
      const value = search.get(name) ?? ''
      search.delete(name)
      return value
    }
    const organization = take(PARAMETERS.organization)
    const expires = take(PARAMETERS.expires)
    const signature = bytesOf(take(PARAMETERS.signature))
    if (!signature) return undefined
    // crypto.subtle compares in constant time.
    const valid = await crypto.subtle.verify('HMAC', await this.#key, signature, message(path, organization, expires))
    return valid && Number(expires) > this.#clock.now() ? organization : undefined
  }
}

function message(path: string, organization: string, expires: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify([path, organization, expires]))
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[0-9a-f]{64}$/.test(text)) return undefined
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16))
}
