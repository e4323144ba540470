import { randomUUID } from 'node:crypto'
import type { Reply, WireRequest } from '../wire/reply.js'
import { Wire } from '../wire/wire.js'
import type { HttpSettings } from './options.js'
import { signed } from './signature.js'

/** The service at the other end: asks it signed questions. */
export class Service {
  readonly #settings: HttpSettings
  readonly #wire: Wire
  readonly #prefix: string

  constructor(settings: HttpSettings) {
    this.#settings = settings
    this.#wire = new Wire(settings.baseUrl.origin, settings.wire)
    this.#prefix = settings.baseUrl.pathname.replace(/\/+$/, '')
  }

  /**
   * `path` is below the base address, and only that part is signed: what stands before it a proxy may change. See {@link Wire}
   * for what may be concluded from a reply.
   */
  ask({ method, path, headers = {}, body = '', ...rest }: WireRequest): Promise<Reply> {
    const { key, now, headers: own } = this.#settings
    const content = `${method} ${path}\n${body}`
    const all = {
      ...own,
      accept: 'application/json',
      ...(body !== '' && { 'content-type': 'application/json' }),
      ...headers,
      ...signed(key, `msg_${randomUUID()}`, now(), content),
    }
    return this.#wire.request({
      method,
      path: this.#prefix + path,
      headers: all,
      ...(body !== '' && { body }),
      ...rest,
    })
  }
}

/** The path of a call. A colon may stand in a path as it is, and proxies would only write it back. */
export function callPath(ref: string): string {
  return `/calls/${encodeURIComponent(ref).replaceAll('%3A', ':')}`
}
