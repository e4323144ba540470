import type { ResourceError } from '@outdial/core'
import type { Parameters } from './api.js'

/** What can be set on a number, by the names that Twilio shows it with. Source: IncomingPhoneNumber resource. */
const TEXTS: ReadonlySet<string> = new Set([
  'friendly_name',
  'api_version',
  'voice_url',
  'voice_method',
  'voice_fallback_url',
  'voice_fallback_method',
  'voice_application_sid',
  'voice_receive_mode',
  'status_callback',
  'status_callback_method',
  'sms_url',
  'sms_method',
  'sms_fallback_url',
  'sms_fallback_method',
  'sms_application_sid',
  'trunk_sid',
  'emergency_status',
  'emergency_address_sid',
  'address_sid',
  'identity_sid',
  'bundle_sid',
])
const YES_OR_NO: ReadonlySet<string> = new Set(['voice_caller_id_lookup'])
const LONGEST_NAME = 64

/** Which number is bought: that one, or any of an area. */
export interface Wanted {
  readonly phone?: string
  readonly areaCode?: string
  readonly name?: string
  readonly parameters: Parameters
}

type Read<T> = { readonly value: T } | { readonly errors: readonly [ResourceError, ...ResourceError[]] }

/** What is to be set on a number, as a request has it. */
export function readChanges(changes: Readonly<Record<string, unknown>>): Read<Parameters> {
  const errors: ResourceError[] = []
  const parameters: Record<string, string> = {}
  for (const [name, value] of Object.entries(changes)) {
    const error = faultOf(name, value)
    if (error) errors.push(error)
    // Nothing, in a form, is an empty text, with which a field is cleared.
    else if (value !== undefined) parameters[pascalOf(name)] = value === null ? '' : String(value)
  }
  const [first, ...rest] = errors
  return first ? { errors: [first, ...rest] } : { value: parameters }
}

/** What is to be bought. */
export function readWanted(data: Readonly<Record<string, unknown>>): Read<Wanted> {
  const { phonenumber, phone_number: phoneNumber = phonenumber, area_code: areaCode, ...rest } = data
  const fail = (field: string, title: string): Read<Wanted> => ({
    errors: [{ code: 'invalid_value', title, pointer: `/${field}` }],
  })
  if (phonenumber !== undefined && phonenumber !== phoneNumber) return fail('phonenumber', 'There are two numbers.')
  if (phoneNumber === undefined && areaCode === undefined)
    return fail('phone_number', 'A phone_number or an area_code is needed.')
  if (phoneNumber !== undefined && areaCode !== undefined)
    return fail('area_code', 'It is chosen by number or by area, not by both.')
  if (phoneNumber !== undefined && !(typeof phoneNumber === 'string' && /^\+[1-9]\d{6,14}$/.test(phoneNumber)))
    return fail('phone_number', 'Expected E.164, such as +12025550100.')
  if (areaCode !== undefined && !/^\d{3}$/.test(String(areaCode)))
    return fail('area_code', 'Expected three digits, as text or number.')
  const { friendly_name: name } = rest
  if (areaCode !== undefined && name !== undefined && name !== null && name !== '') {
    const why = 'The name is where the purchase is written, so that it is found again and not made twice.'
    return fail('friendly_name', `${why} Name the number afterwards, or buy it by phone_number.`)
  }
  const read = readChanges(rest)
  if ('errors' in read) return read
  return {
    value: {
      ...(phoneNumber !== undefined && { phone: String(phoneNumber) }),
      ...(areaCode !== undefined && { areaCode: String(areaCode) }),
      ...(typeof name === 'string' && name !== '' && { name }),
      parameters: read.value,
    },
  }
}

function faultOf(name: string, value: unknown): ResourceError | undefined {
  const pointer = `/${name}`
  if (TEXTS.has(name)) {
    if (value === null || value === undefined) return undefined
    if (typeof value !== 'string') return { code: 'invalid_value', title: 'Expected a text.', pointer }
    if (name !== 'friendly_name' || value.length <= LONGEST_NAME) return undefined
    return { code: 'invalid_value', title: `Expected at most ${LONGEST_NAME} characters.`, pointer }
  }
  if (YES_OR_NO.has(name)) {
    if (value === undefined || typeof value === 'boolean') return undefined
    return { code: 'invalid_value', title: 'Expected true or false.', pointer }
  }
  return { code: 'unknown_field', title: `Numbers at Twilio have no '${name}' that can be set.`, pointer }
}

/** `voice_url` is `VoiceUrl` in a form. */
function pascalOf(name: string): string {
  return name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
