import type { Answer, TwilioApi } from './api.js'

/** An application is taken to be as it was for so long, in milliseconds. */
const FRESH = 60_000

/** How an application answers calls. */
export interface Application {
  readonly url: string
  readonly method: string | undefined
  readonly fallbackUrl: string | undefined
  readonly fallbackMethod: string | undefined
}

/** The answer of a search for one; `none`: it is there, and has no address for calls. */
export type FoundApplication =
  | { readonly status: 'found'; readonly application: Application }
  | { readonly status: 'none' }
  | Exclude<Answer, { status: 'ok' }>

/**
 * TwiML applications. A call that is handed to one by its SID is told to the application's own status callback, and not to
 * ours, so that nobody would know which attempt it was. Hence calls name the application's voice address instead.
 */
export class Applications {
  readonly #api: TwilioApi
  readonly #known = new Map<string, { until: number; found: Promise<FoundApplication> }>()

  constructor(api: TwilioApi) {
    this.#api = api
  }

  find(sid: string): Promise<FoundApplication> {
    const now = performance.now()
    const known = this.#known.get(sid)
    if (known && now < known.until) return known.found
    const found = this.#fetch(sid)
    this.#known.set(sid, { until: now + FRESH, found })
    // What could not be found out is asked again.
    void found.then(({ status }) => {
      if (status !== 'found' && this.#known.get(sid)?.found === found) this.#known.delete(sid)
    })
    return found
  }

  async #fetch(sid: string): Promise<FoundApplication> {
    const answer = await this.#api.get(`Applications/${sid}.json`)
    if (answer.status !== 'ok') return answer
    const { voice_url, voice_method, voice_fallback_url, voice_fallback_method } = answer.body
    if (typeof voice_url !== 'string' || voice_url === '') return { status: 'none' }
    return {
      status: 'found',
      application: {
        url: voice_url,
        method: text(voice_method),
        fallbackUrl: text(voice_fallback_url),
        fallbackMethod: text(voice_fallback_method),
      },
    }
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
