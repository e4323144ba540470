import type { KeptResource, ResourceService, ResourceWeather } from '@outdial/conformance/resources'
import type { Asked, LoopbackService, Told } from './loopback-service.js'
import { broken, missing, pageOf, refusal, rfc2822, sidOf, throttled, unauthorized } from './twilio-answers.js'

type Fields = Record<string, unknown>
type SearchWeather = Parameters<ResourceService['nextSearch']>[0]

/** What can be set, as its documentation has it. */
const SETTABLE: ReadonlySet<string> = new Set(
  'ApiVersion FriendlyName SmsApplicationSid SmsFallbackMethod SmsFallbackUrl SmsMethod SmsUrl StatusCallback StatusCallbackMethod VoiceApplicationSid VoiceCallerIdLookup VoiceFallbackMethod VoiceFallbackUrl VoiceMethod VoiceUrl EmergencyStatus EmergencyAddressSid TrunkSid VoiceReceiveMode IdentitySid AddressSid BundleSid'.split(
    ' ',
  ),
)

/** The phone numbers of some accounts: what IncomingPhoneNumbers answers. */
export class TwilioNumbersService implements ResourceService {
  readonly page = 3
  /** Whose numbers those are that `add` is told of without an account. */
  account = ''
  /** Told of each request to change something, before it is answered. */
  before: () => void = () => {}
  readonly #loopback: () => LoopbackService
  readonly #now: () => number
  readonly #numbers = new Map<string, Fields & { sid: string; account_sid: string; phone_number: string }>()
  readonly #hidden = new Set<string>()
  #made = 0
  #created = 0
  #asked = 0
  #next: ResourceWeather = 'fair'
  #nextSearch: SearchWeather = 'fair'
  #nextCheck: 'fair' | 'error' | 'silence' = 'fair'
  /** Numbers that can be bought in an area. */
  #free = 1000

  constructor(loopback: () => LoopbackService, now: () => number) {
    this.#loopback = loopback
    this.#now = now
  }

  next(weather: ResourceWeather): void {
    this.#next = weather
    if (typeof weather === 'object' && weather.fault === 'refused') {
      this.#next = 'fair'
      this.#loopback().refuse()
    }
  }

  nextSearch(weather: SearchWeather): void {
    this.#nextSearch = weather
  }

  nextCheck(weather: 'error' | 'silence'): void {
    this.#nextCheck = weather
  }

  /** What a question about the account meets; `undefined`: nothing of note. */
  checkTrouble(): Told | undefined {
    const weather = this.#nextCheck
    this.#nextCheck = 'fair'
    return weather === 'fair' ? undefined : weather === 'error' ? broken() : 'silence'
  }

  resources(): readonly KeptResource[] {
    return [...this.#numbers.values()].map(kept)
  }

  created(): number {
    return this.#created
  }

  asked(): number {
    return this.#asked
  }

  async add({
    phonenumber,
    phone_number = phonenumber,
    area_code,
    account_sid,
    ...more
  }: Fields): Promise<KeptResource> {
    const phone = phone_number ?? this.#free_(area_code as string | undefined)
    return kept(this.#put(String(account_sid ?? this.account), String(phone), more))
  }

  hide(id: string): void {
    this.#hidden.add(id)
  }

  /** Answers a request below IncomingPhoneNumbers. */
  answer(asked: Asked, account: string, sid: string | undefined): Told {
    if (asked.method === 'GET') {
      const weather = this.#nextSearch
      this.#nextSearch = 'fair'
      if (weather === 'throttled') return throttled()
      if (weather === 'error') return broken()
      if (weather === 'silence') return 'silence'
      if (weather === 'account') return unauthorized()
      return sid === undefined ? this.#list(asked, account) : this.#fetch(asked, account, sid)
    }
    this.#asked++
    this.before()
    const weather = this.#next
    this.#next = 'fair'
    const apply = () =>
      asked.method === 'DELETE'
        ? this.#release(asked, account, sid ?? '')
        : this.#change(new URLSearchParams(asked.body), asked, account, sid)
    if (weather === 'fair') return apply()
    if (weather === 'item') return refusal(400, 21421, 'PhoneNumber is invalid')
    if (weather === 'throttled') return throttled()
    if (weather === 'account') return unauthorized()
    if (weather.fault === 'refused' || weather.fault === 'nonsense' || weather.applied) apply()
    switch (weather.fault) {
      case 'error':
        return broken()
      case 'nonsense':
        return { code: 201, body: 'thank you' }
      default:
        return weather.fault === 'silence' ? 'silence' : 'reset'
    }
  }

  #list({ query, ...asked }: Asked, account: string): Told {
    const digits = query.get('PhoneNumber')?.replace(/^\+/, '')
    const name = query.get('FriendlyName')
    const found = [...this.#numbers.values()].filter(
      (number) =>
        number.account_sid === account &&
        !this.#hidden.has(number.sid) &&
        (digits === undefined || number.phone_number.includes(digits)) &&
        (name === null || number.friendly_name === name),
    )
    return pageOf({ ...asked, query }, 'incoming_phone_numbers', found, this.page)
  }

  #fetch({ path }: Asked, account: string, sid: string): Told {
    const number = this.#numbers.get(sid)
    return number?.account_sid === account && !this.#hidden.has(sid) ? { code: 200, body: number } : missing(path)
  }

  #release({ path }: Asked, account: string, sid: string): Told {
    if (this.#numbers.get(sid)?.account_sid !== account) return missing(path)
    this.#numbers.delete(sid)
    return { code: 204 }
  }

  #change(parameters: URLSearchParams, { path }: Asked, account: string, sid: string | undefined): Told {
    const { PhoneNumber: phone, AreaCode: area, ...set } = Object.fromEntries(parameters)
    const unknown = Object.keys(set).find((name) => !SETTABLE.has(name))
    if (unknown !== undefined) return refusal(400, 20001, `Unknown parameter ${unknown}`)
    if ((set.FriendlyName?.length ?? 0) > 64) return refusal(400, 20001, 'FriendlyName is too long')
    if (set.VoiceUrl && !URL.canParse(set.VoiceUrl)) return refusal(400, 21502, 'VoiceUrl is not valid')
    const fields = Object.fromEntries(
      Object.entries(set).map(([name, value]) => [
        name.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase(),
        value === 'true' || value === 'false' ? value === 'true' : value,
      ]),
    )
    if (sid !== undefined) {
      const number = this.#numbers.get(sid)
      if (number?.account_sid !== account) return missing(path)
      Object.assign(number, fields, { date_updated: rfc2822(this.#now()) })
      return { code: 200, body: number }
    }
    if (phone === undefined && area === undefined) return refusal(400, 21405, 'A PhoneNumber or an AreaCode is needed')
    if (phone !== undefined && !/^\+[1-9]\d{6,14}$/.test(phone)) return refusal(400, 21421, 'PhoneNumber is invalid')
    const owned = [...this.#numbers.values()].find((number) => number.phone_number === phone)
    if (owned && owned.account_sid !== account) return refusal(400, 21422, 'PhoneNumber is not available')
    if (owned) {
      // Whoever has it already changes it, and is told that it was created.
      Object.assign(owned, fields)
      return { code: 201, body: owned }
    }
    if (area === '999') return refusal(400, 21452, 'No phone numbers found in area code 999')
    this.#created++
    return { code: 201, body: this.#put(account, phone ?? this.#free_(area), fields) }
  }

  #free_(area = '202'): string {
    return `+1${area}555${String(this.#free++).padStart(4, '0')}`
  }

  #put(account: string, phone: string, fields: Fields) {
    const sid = sidOf('PN', ++this.#made)
    const number = {
      friendly_name: phone,
      voice_url: '',
      voice_method: 'POST',
      capabilities: { voice: true, SMS: true, MMS: false },
      status: 'in-use',
      ...fields,
      sid,
      account_sid: account,
      phone_number: phone,
      date_created: rfc2822(this.#now()),
    }
    this.#numbers.set(sid, number)
    return number
  }
}

function kept(number: Fields & { sid: string; account_sid: string; phone_number: string }): KeptResource {
  const { sid: id, phone_number: phonenumber, account_sid: organization } = number
  return { id, organization, fields: { ...number, id, phonenumber } }
}
