import type { Asked as Read, Told } from '../loopback-service.js'
import type { Answer } from './answers.js'

/** A request, with its body read. */
export interface Asked extends Omit<Read, 'body'> {
  /** `undefined` without one. */
  readonly body: Readonly<Record<string, unknown>> | undefined
}

/** What becomes of a request: an answer, none at all, a reset, or bytes that are no answer of the service. */
export type Fate = Answer | 'silence' | 'reset' | { readonly raw: string }

export function asked({ path, body, ...rest }: Read): Asked {
  return { ...rest, path: decodeURIComponent(path), body: body === '' ? undefined : JSON.parse(body) }
}

export function told(fate: Fate): Told {
  if (typeof fate === 'string') return fate
  if ('raw' in fate) return { code: 200, body: fate.raw, headers: { 'content-type': 'text/html' } }
  return fate
}
