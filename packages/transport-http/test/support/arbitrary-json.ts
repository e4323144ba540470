import * as fc from 'fast-check'
import * as z from 'zod'

/** A JSON schema, as far as it is looked at here. */
interface Schema {
  type?: string
  enum?: readonly unknown[]
  const?: unknown
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  allOf?: readonly Schema[]
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  additionalProperties?: Schema | boolean
  propertyNames?: Schema
  items?: Schema
  minItems?: number
  maxLength?: number
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  maxItems?: number
}

/** Texts that have broken servers before. */
export const NASTY: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    '\u0000',
    '\ud800',
    '../../etc/passwd',
    '%00',
    '+12025550100',
    '12025550100',
    '2027-02-30T25:61:00Z',
    'now',
    -1,
    0,
    1e308,
    2 ** 53,
    null,
    true,
    [],
    {},
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

/** Objects with keys that reach for prototypes, own ones as JSON.parse makes them. */
const polluting = fc.constantFrom(
  ...[
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"a":{"__proto__":null}}',
  ].map((text) => JSON.parse(text) as unknown),
)

/** With what is only named in its place: nothing of ours contains itself. */
function schemaOf(schema: z.ZodType): Schema {
  const { $defs = {}, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const inlined = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inlined)
    if (typeof value !== 'object' || value === null) return value
    const { $ref, ...rest } = value as Record<string, unknown>
    if (typeof $ref === 'string') return inlined($defs[$ref.slice('#/$defs/'.length)])
    return Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, inlined(inner)]))
  }
  return inlined(json) as Schema
}

/**
 * Values for a zod schema: half of them fit as far as the schema tells, so that requests get past it, and half only nearly,
 * with here and there something else.
 */
export function nearly(schema: z.ZodType): fc.Arbitrary<unknown> {
  const json = schemaOf(schema)
  return fc.oneof(fitting(json), near(json))
}

/** At most two fields of an object of the schema, each of which fits or nearly does. */
export function changesOf(schema: z.ZodType): fc.Arbitrary<Record<string, unknown>> {
  const json = schemaOf(schema)
  const change = fc
    .constantFrom(...fieldsOf(json))
    .chain(([name, inner]) => fc.oneof(fitting(inner), near(inner)).map((value) => [name, value] as const))
  return fc.array(change, { maxLength: 2 }).map((changes) => Object.fromEntries(changes))
}

function fieldsOf({ properties = {}, anyOf = [], oneOf = [], allOf = [] }: Schema): [string, Schema][] {
  return [...Object.entries(properties), ...[...anyOf, ...oneOf, ...allOf].flatMap(fieldsOf)]
}

/** How what is inside a value is drawn. */
type Draw = (schema: Schema) => fc.Arbitrary<unknown>

const fitting: Draw = (schema) => right(schema, fitting)

const near: Draw = (schema) =>
  fc.oneof(
    { arbitrary: right(schema, near), weight: 12 },
    { arbitrary: NASTY, weight: 1 },
    { arbitrary: polluting, weight: 1 },
  )

function right(schema: Schema | boolean, inner: Draw): fc.Arbitrary<unknown> {
  if (typeof schema === 'boolean') return NASTY
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if ('const' in schema) return fc.constant(schema.const)
  const either = schema.anyOf ?? schema.oneOf
  if (either) return fc.oneof(...either.map(inner))
  if (schema.allOf) return inner(Object.assign({}, ...schema.allOf) as Schema)
  const { minimum: least = -5, maximum: most = 50 } = schema
  switch (schema.type) {
    case 'string':
      return text(schema)
    case 'integer':
      return fc.integer({ min: Math.max(least, -1e9), max: Math.max(least, Math.min(most, 1e9)) })
    case 'number':
      return fc.oneof(fc.integer({ min: Math.ceil(least), max: Math.floor(most) }), anyNumber)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array': {
      const { minItems = 0, maxItems = 4 } = schema
      return fc.array(inner(schema.items ?? {}), {
        minLength: minItems,
        maxLength: Math.max(minItems, Math.min(maxItems, 4)),
      })
    }
    case 'object':
      return objectOf(schema, inner)
    default:
      return NASTY
  }
}

const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true })

/** Texts that mean something somewhere. */
const meaningful = fc.constantFrom(
  '+12025550100',
  '+13035550100',
  '+14155550100',
  'pn_0',
  'a name',
  'UTC',
  '2027-01-05T09:00:00Z',
  'phonenumber',
  '5m',
  '09:00',
)

function text({ pattern, format, maxLength = 30 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') return fc.constantFrom('2027-01-05T09:00:00.000Z', '1970-01-01T00:00:00.000Z')
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'))
  return fc.oneof(meaningful, fc.string({ maxLength: Math.min(maxLength, 30) }))
}

function objectOf(
  { properties = {}, required = [], additionalProperties, propertyNames }: Schema,
  inner: Draw,
): fc.Arbitrary<unknown> {
  const model = Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, inner(property)]))
  const known = fc.record(model, { requiredKeys: required.filter((key) => key in model) })
  const open = typeof additionalProperties === 'object' ? inner(additionalProperties) : NASTY
  const names = propertyNames?.enum
    ? fc.constantFrom(...(propertyNames.enum as string[]))
    : fc.string({ maxLength: 12 })
  const more = fc.dictionary(names, open, { maxKeys: additionalProperties === false ? 0 : 2 })
  return fc.tuple(known, more).map(([some, others]) => ({ ...others, ...some }))
}
