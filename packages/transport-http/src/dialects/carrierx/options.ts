import { OutdialError } from '@outdial/core'
import { partnerSidOf } from './partner-sid.js'
import { METHODS, type Method } from './states.js'

/** What tasks may do with one type of object. */
export interface CarrierxType {
  /** Default: all three. */
  methods?: readonly Method[]
  /**
   * Fields that hold a phone number: on the wire digits without `+`, for the back end E.164 with it. Default: none; for
   * `phonenumber` its field `phonenumber`.
   */
  phoneFields?: readonly string[]
  /** Fields that only the back end gets to see; tasks show `[redacted]`. Default: none; for `phonenumber` its `external_pin`. */
  secretFields?: readonly string[]
}

/** How the CarrierX dialect is spoken. */
export interface CarrierxOptions {
  /**
   * Further types of objects, by name, or another word about `phonenumber`. Every type that the engine has a back end for
   * may be used; this says what is special about one.
   */
  types?: Readonly<Record<string, CarrierxType>>
  /** The `partner_sid` of an organization. Default: its id if that is a UUID, else a UUID made from it. */
  partnerSid?(organization: string): string | Promise<string>
  /** Last part of the paths of review items, as JSON and as CSV. Default `review_items` and `review_items.csv`. */
  reviewPaths?: { json?: string; csv?: string }
}

/** The options, complete. */
export interface Settings {
  methodsOf(type: string): readonly Method[]
  phoneFieldsOf(type: string): ReadonlySet<string>
  secretFieldsOf(type: string): readonly string[]
  partnerSid(organization: string): string | Promise<string>
  reviewPaths: { json: string; csv: string }
}

const PHONENUMBER: CarrierxType = { phoneFields: ['phonenumber'], secretFields: ['external_pin'] }

/** Completes the options; throws `invalid_options` naming the one that is wrong. */
export function settingsOf(options: CarrierxOptions): Settings {
  const types = new Map(
    Object.entries({ ...options.types, phonenumber: { ...PHONENUMBER, ...options.types?.phonenumber } }),
  )
  for (const [type, { methods = METHODS }] of types) {
    const strange = methods.find((method) => !METHODS.includes(method))
    if (strange !== undefined)
      throw refused(`types.${type}.methods`, `expected ${METHODS.join(', ')}, not '${strange}'`)
  }
  const { json = 'review_items', csv = 'review_items.csv' } = options.reviewPaths ?? {}
  for (const [name, path] of Object.entries({ json, csv })) {
    const field = `reviewPaths.${name}`
    if (!/^[\w.-]+$/.test(path)) throw refused(field, 'expected letters, digits, _, - and . only')
  }
  if (json === csv || [json, csv].includes('errors'))
    throw refused('reviewPaths', 'two routes cannot have the same path')
  const phoneFields = new Map([...types].map(([type, { phoneFields: fields = [] }]) => [type, new Set(fields)]))
  return {
    methodsOf: (type) => types.get(type)?.methods ?? METHODS,
    phoneFieldsOf: (type) => phoneFields.get(type) ?? new Set(),
    secretFieldsOf: (type) => types.get(type)?.secretFields ?? [],
    partnerSid: options.partnerSid ?? partnerSidOf,
    reviewPaths: { json, csv },
  }
}

function refused(field: string, problem: string): OutdialError {
  return new OutdialError('invalid_options', `${field}: ${problem}`, { field })
}
