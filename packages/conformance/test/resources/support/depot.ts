import type { Clock } from '@outdial/core'
import type { KeptResource, ResourceService, ResourceWeather } from '../../../src/resources/index.js'

export const KEY = 'key-0f-the-depot'

/** An answer of the depot, as it comes off the wire. */
export interface Answer {
  readonly code: number
  readonly retryAfter?: string
  readonly body: Readonly<Record<string, unknown>>
}

/** What is asked of the depot. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly key: string
  readonly owner: string
  readonly body?: Readonly<Record<string, unknown>>
}

interface Kept extends KeptResource {
  fields: Readonly<Record<string, unknown>>
  readonly organization: string
  readonly reference?: string
  readonly shownAt: number
}

const LAG = 4_000

/** A depot of phone numbers of fiction, in memory, that offers all that the kit has rules for: references, pages, a lag. */
export class Depot implements ResourceService {
  readonly page = 3
  readonly #clock: Clock
  readonly #kept = new Map<string, Kept>()
  /** How the last request to change something broke, for back ends that draw the wrong conclusion. */
  last = ''
  #weather: ResourceWeather = 'fair'
  #search = 'fair'
  #check = 'fair'
  #made = 0
  #created = 0
  #asked = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  next(weather: ResourceWeather): void {
    this.#weather = weather
  }

  nextSearch(weather: string): void {
    this.#search = weather
  }

  nextCheck(weather: string): void {
    this.#check = weather
  }

  resources(): readonly KeptResource[] {
    return [...this.#kept.values()]
  }

  created(): number {
    return this.#created
  }

  asked(): number {
    return this.#asked
  }

  async add(data: Readonly<Record<string, unknown>>): Promise<KeptResource> {
    return this.#keep('acme', data, 0)
  }

  hide(): void {
    // Whatever is created is shown late.
  }

  /** The wire: what a request comes to, which may be never anything. Rejects with how the connection broke. */
  async request(request: Request): Promise<Answer> {
    const { method, path, key, owner } = request
    if (method !== 'GET') return this.#change(request)
    const kind = path === '/account' ? 'check' : 'search'
    const weather = kind === 'check' ? this.#check : this.#search
    if (kind === 'check') this.#check = 'fair'
    else this.#search = 'fair'
    if (weather === 'silence') return new Promise(() => {})
    if (weather === 'error') return { code: 500, body: {} }
    if (weather === 'throttled') return { code: 429, retryAfter: '7', body: {} }
    if (weather === 'account' || key !== KEY) return { code: 401, body: { error: 'who_are_you' } }
    if (kind === 'check') return { code: 200, body: {} }
    const now = this.#clock.now()
    const all = [...this.#kept.values()].filter((one) => one.organization === owner && one.shownAt <= now)
    const query = new URLSearchParams(path.split('?')[1])
    const from = Number(query.get('from') ?? 0)
    const found = all.filter(
      (one) =>
        (query.get('id') ?? one.id) === one.id &&
        (query.get('phonenumber') ?? one.fields.phonenumber) === one.fields.phonenumber &&
        (query.get('reference') ?? one.reference) === one.reference,
    )
    return {
      code: 200,
      body: { items: found.slice(from, from + this.page).map(shown), more: from + this.page < found.length },
    }
  }

  #change(request: Request): Promise<Answer> | Answer {
    const weather = this.#weather
    this.#weather = 'fair'
    this.last = typeof weather === 'string' ? weather : weather.fault
    if (this.last === 'refused') throw new Error('refused')
    this.#asked++
    if (request.key !== KEY || weather === 'account') return { code: 401, body: { error: 'who_are_you' } }
    if (weather === 'throttled') return { code: 429, retryAfter: '7', body: {} }
    if (weather === 'item') {
      return { code: 422, body: { error: 'not_for_you', title: 'It is not for you.', field: 'phonenumber' } }
    }
    if (typeof weather === 'string') return this.#apply(request)
    if (!('applied' in weather) || weather.applied) this.#apply(request)
    if (weather.fault === 'silence') return new Promise(() => {})
    if (weather.fault === 'reset') throw new Error('reset')
    return weather.fault === 'error' ? { code: 500, body: {} } : { code: 200, body: {} }
  }

  #apply({ method, path, owner, body = {} }: Request): Answer {
    if (method === 'POST') {
      this.#created++
      const { reference, ...data } = body
      return { code: 201, body: shown(this.#keep(owner, data, this.#clock.now() + LAG, String(reference))) }
    }
    const kept = this.#kept.get(path.split('/')[2] ?? '')
    if (kept?.organization !== owner) return { code: 404, body: { error: 'no_such_number', title: 'There is none.' } }
    if (method === 'DELETE') this.#kept.delete(kept.id)
    else kept.fields = { ...kept.fields, ...body }
    return { code: 200, body: shown(kept) }
  }

  #keep(organization: string, data: Readonly<Record<string, unknown>>, shownAt: number, reference?: string): Kept {
    const id = `number-${++this.#made}`
    const fields = { name: '', color: 'grey', ...data }
    const kept = { id, fields, organization, shownAt, ...(reference !== undefined && { reference }) }
    this.#kept.set(id, kept)
    return kept
  }
}

function shown({ id, fields }: KeptResource): Readonly<Record<string, unknown>> {
  return { id, ...fields }
}
