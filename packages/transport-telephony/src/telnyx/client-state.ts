import { objectOf, textOf } from './api.js'
import type { HeardAs } from './outcomes.js'

/** Something to say to whoever answers, in the service's own words. */
export interface Speech {
  readonly payload: string
  readonly voice: string
  readonly language?: string
  readonly payload_type?: 'text' | 'ssml'
}

/**
 * What rides along with a call and comes back with each of its webhooks, so that any worker can handle any of them: the one that
 * placed the call may be gone.
 */
export interface ClientState {
  readonly ref: string
  /** To be said when the call is answered. */
  readonly say?: Speech
  /** The call ends when what is said or played has been. */
  readonly ends?: true
  /** Who was heard, once that is known. */
  readonly heard?: HeardAs
  /** When it was answered, milliseconds since the epoch. */
  readonly answeredAt?: number
}

/** As the service wants it: text in base64. */
export function encodeState(state: ClientState): string {
  return Buffer.from(JSON.stringify(state), 'utf8').toString('base64')
}

/** `undefined` for what is not ours: a call that somebody else placed, one that came in. */
export function decodeState(text: unknown): ClientState | undefined {
  if (typeof text !== 'string') return undefined
  try {
    const state = objectOf(JSON.parse(Buffer.from(text, 'base64').toString('utf8')))
    const ref = textOf(state?.ref)
    return state && ref !== undefined ? ({ ...state, ref } as ClientState) : undefined
  } catch {
    return undefined
  }
}
