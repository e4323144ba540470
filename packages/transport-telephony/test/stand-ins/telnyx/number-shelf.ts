import type { KeptResource, ResourceService, ResourceWeather } from '../../../../conformance/src/resources/harness.js'
import { resourceOf } from '../../../src/telnyx/numbers/fields.js'
import { type Answer, notFound, ok, paged, refused, tooMany, unauthorized, unexpected } from './answers.js'
import type { Asked, Fate } from './asked.js'

type Fields = Record<string, unknown>

interface Kept {
  readonly number: Fields & { id: string; phone_number: string }
  readonly voice: Fields & { id: string }
  hidden: boolean
}

interface Order {
  readonly id: string
  readonly customer_reference: unknown
  readonly phone: string
  status: 'pending' | 'success' | 'failure'
}

type Search = 'fair' | 'throttled' | 'error' | 'silence' | 'account'

/** The numbers of one account: what it has, what can be bought, and the orders and jobs of it. */
export class NumberShelf implements ResourceService {
  readonly #now: () => number
  readonly #kept: Map<string, Kept> = new Map()
  readonly orders: Order[] = []
  readonly #jobs: Map<string, Fields> = new Map()
  /** Assistants that there are. */
  readonly assistants: Set<string> = new Set(['assistant-1'])
  /** Numbers that were verified without being the account's. */
  readonly verified: Set<string> = new Set()
  /** Numbers that nobody can have: orders of them fail. */
  readonly gone: Set<string> = new Set()
  /** Asked before every request that changes something, for its weather. */
  before: () => ResourceWeather = () => 'fair'
  /** Orders stay as they are, and are not carried out. */
  stuck = false
  readonly page = 250
  readonly #coming: ResourceWeather[] = []
  #search: Search = 'fair'
  #check: 'fair' | 'error' | 'silence' = 'fair'
  #asked = 0
  #created = 0
  #ids = 0
  readonly #refuse: () => void

  constructor(now: () => number, owned: readonly string[], refuse: () => void) {
    this.#now = now
    this.#refuse = refuse
    for (const phone of owned) this.put({ phone_number: phone })
  }

  next(weather: ResourceWeather): void {
    this.#coming.push(weather)
    if (typeof weather === 'object' && weather.fault === 'refused') this.#refuse()
  }

  /** What the request after so many others meets. */
  nextAfter(others: number, weather: ResourceWeather): void {
    this.#coming.push(...Array<ResourceWeather>(others).fill('fair'), weather)
  }

  nextSearch(weather: Search): void {
    this.#search = weather
  }

  nextCheck(weather: 'error' | 'silence'): void {
    this.#check = weather
  }

  resources(): readonly KeptResource[] {
    return [...this.#kept.values()].map(({ number, voice }) => resourceOf(number, voice))
  }

  created(): number {
    return this.#created
  }

  asked(): number {
    return this.#asked
  }

  async add({ phonenumber, ...fields }: Readonly<Fields>): Promise<KeptResource> {
    const { number, voice } = this.put({ ...fields, phone_number: String(phonenumber) })
    return resourceOf(number, voice)
  }

  hide(id: string): void {
    const kept = this.#kept.get(id)
    if (kept) kept.hidden = true
  }

  /** Empties the shelf. */
  clear(): void {
    this.#kept.clear()
  }

  put(fields: Fields & { phone_number: string }): Kept {
    const id = String(1_293_384_261_075_731_499n + BigInt(this.#ids++))
    const at = new Date(this.#now()).toISOString()
    const number = {
      id,
      record_type: 'phone_number',
      status: 'active',
      tags: [],
      external_pin: null,
      connection_id: null,
      connection_name: null,
      customer_reference: null,
      billing_group_id: null,
      emergency_enabled: false,
      emergency_address_id: null,
      hd_voice_enabled: false,
      deletion_lock_enabled: false,
      country_iso_alpha2: 'US',
      phone_number_type: 'local',
      purchased_at: at,
      created_at: at,
      ...fields,
    }
    const voice = {
      id,
      record_type: 'voice_settings',
      phone_number: number.phone_number,
      tech_prefix_enabled: false,
      translated_number: '',
      usage_payment_method: 'pay-per-minute',
      call_forwarding: { call_forwarding_enabled: false, forwards_to: '', forwarding_type: 'always' },
      inbound_call_screening: 'disabled',
    }
    const kept = { number, voice, hidden: false }
    this.#kept.set(id, kept)
    return kept
  }

  /** Answers everything that is about numbers; `undefined` for the rest. */
  answer(asked: Asked): Fate | undefined {
    const { method, path } = asked
    if (/^\/v2\/(ai\/assistants|verified_numbers)\//.test(path)) return this.#others(path)
    if (!/^\/v2\/(phone_numbers|number_orders|available_phone_numbers)/.test(path)) return undefined
    if (method === 'GET') return this.#trouble(asked) ?? this.#read(asked)
    this.#asked++
    const told = this.before()
    const weather = this.#coming.shift() ?? told
    if (weather === 'fair' || (typeof weather === 'object' && weather.fault === 'refused')) return this.#write(asked)
    if (weather === 'item') return refused(422, '10015', 'Bad Request', 'It cannot be that.', pointerOf(asked))
    if (weather === 'throttled') return tooMany
    if (weather === 'account') return unauthorized
    if (weather.applied) this.#write(asked)
    if (weather.fault === 'error') return unexpected
    if (weather.fault === 'nonsense') return { raw: '<html>It works!</html>' }
    return weather.fault
  }

  #trouble({ query }: Asked): Fate | undefined {
    const checked = query.get('page[size]') === '1'
    const trouble = checked ? this.#check : this.#search
    if (checked) this.#check = 'fair'
    else this.#search = 'fair'
    if (trouble === 'fair') return undefined
    return { throttled: tooMany, error: unexpected, silence: 'silence' as const, account: unauthorized }[trouble]
  }

  #others(path: string): Answer {
    const name = path.split('/').at(-1) ?? ''
    if (path.startsWith('/v2/ai/')) return this.assistants.has(name) ? { code: 200, body: { id: name } } : notFound
    return this.verified.has(name) ? ok({ phone_number: name, record_type: 'verified_number' }) : notFound
  }

  #read({ path, query }: Asked): Answer {
    const seen = [...this.#kept.values()].filter(({ hidden }) => !hidden)
    const [, , first, id, voice] = path.split('/')
    if (first === 'available_phone_numbers') return ok(this.#offers(Number(query.get('filter[limit]') ?? 10)))
    if (first === 'number_orders') return this.#readOrders(id, query)
    if (id === 'jobs') return this.#job(String(voice))
    if (id === undefined || id === 'voice') {
      const wanted = query.get('filter[phone_number]') ?? ''
      const found = seen.filter(({ number }) => number.phone_number.includes(wanted))
      return paged(
        found.map((kept) => (id === 'voice' ? kept.voice : kept.number)),
        query,
      )
    }
    const kept = seen.find(({ number }) => number.id === id)
    return kept ? ok(voice === 'voice' ? kept.voice : kept.number) : notFound
  }

  #readOrders(id: string | undefined, query: URLSearchParams): Answer {
    for (const order of this.orders) this.#carryOut(order)
    const shown = this.orders
      .filter(
        ({ phone }) => ![...this.#kept.values()].some(({ number, hidden }) => hidden && number.phone_number === phone),
      )
      .map(orderView)
    if (id !== undefined) {
      const order = this.orders.find((one) => one.id === id)
      return order ? ok(orderView(order)) : notFound
    }
    const wanted = query.get('filter[customer_reference]')
    return paged(
      shown.filter(({ customer_reference }) => wanted === null || customer_reference === wanted),
      query,
    )
  }

  #carryOut(order: Order): void {
    if (order.status === 'pending' && !this.stuck) order.status = 'success'
  }

  #write({ method, path, body = {} }: Asked): Answer {
    const [, , first, id, what] = path.split('/')
    if (first === 'number_orders') return this.#order(body)
    if (id === 'jobs') return this.#beginJob(String(what), body)
    const kept = this.#kept.get(String(id))
    if (!kept) return notFound
    if (method === 'DELETE') {
      if (kept.number.deletion_lock_enabled === true)
        return refused(
          422,
          '10021',
          'Resource in use',
          'The deletion lock of this number is on.',
          '/deletion_lock_enabled',
        )
      this.#kept.delete(kept.number.id)
      return ok({ ...kept.number, status: 'deleted' })
    }
    if (what === 'voice') {
      if (body.usage_payment_method === 'barter')
        return refused(422, '10032', 'Invalid enumerated value', 'pay-per-minute, channel', '/usage_payment_method')
      return ok(merge(kept.voice, body))
    }
    return ok(Object.assign(kept.number, body))
  }

  #order(body: Readonly<Fields>): Answer {
    const { phone_numbers: phones, customer_reference, connection_id = null } = body
    const phone = String((phones as Fields[] | undefined)?.[0]?.phone_number)
    if ([...this.#kept.values()].some(({ number }) => number.phone_number === phone) || this.gone.has(phone))
      return refused(422, '10015', 'Bad Request', 'The number is not available.', '/phone_numbers/0/phone_number')
    const order: Order = { id: `order-${this.orders.length}`, customer_reference, phone, status: 'pending' }
    this.orders.push(order)
    this.#created++
    this.put({ phone_number: phone, connection_id, customer_reference })
    return ok(orderView(order))
  }

  #beginJob(type: string, { phone_numbers, ...changes }: Readonly<Fields>): Answer {
    const id = `job-${this.#jobs.size}`
    const [number] = phone_numbers as string[]
    const kept = this.#kept.get(String(number))
    const refusal =
      changes.emergency_address_id === 'nowhere'
        ? [
            {
              code: '10015',
              title: 'Bad Request',
              detail: 'No such address.',
              source: { pointer: '/emergency_address_id' },
            },
          ]
        : undefined
    if (kept && !refusal) Object.assign(kept.number, changes)
    const failed = kept && !refusal ? [] : [{ id: number, errors: refusal ?? [{ code: '10005', title: 'Not found' }] }]
    const done = {
      status: 'completed',
      failed_operations: failed,
      successful_operations: failed.length > 0 ? [] : [{ id: number }],
    }
    const job = { id, record_type: 'phone_numbers_job', type, status: 'pending' }
    this.#jobs.set(id, { ...job, ...done })
    return { ...ok(job), code: 202 }
  }

  #job(id: string): Answer {
    const job = this.#jobs.get(id)
    return job ? ok(job) : notFound
  }

  #offers(most: number): unknown[] {
    const held = new Set([...this.#kept.values()].map(({ number }) => number.phone_number))
    const all = Array.from({ length: 1000 }, (_, n) => `+1505555${String(n).padStart(4, '0')}`)
    const free = all.filter((phone) => !held.has(phone)).slice(0, most)
    return free.map((phone_number) => ({ record_type: 'available_phone_number', phone_number }))
  }
}

function orderView({ id, customer_reference, phone, status }: Order) {
  const phone_numbers = [{ record_type: 'number_order_phone_number', phone_number: phone, status }]
  return { id, record_type: 'number_order', status, customer_reference, phone_numbers, phone_numbers_count: 1 }
}

function pointerOf({ path, body = {} }: Asked): string {
  if (path === '/v2/number_orders') return '/phone_numbers/0/phone_number'
  return `/${Object.keys(body).at(-1) ?? 'phone_number'}`
}

function merge(target: Fields, changes: Readonly<Fields>): Fields {
  for (const [name, value] of Object.entries(changes)) {
    const inner = target[name]
    const both = typeof inner === 'object' && inner !== null && typeof value === 'object' && value !== null
    target[name] = both ? { ...inner, ...value } : value
  }
  return target
}
