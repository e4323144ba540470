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
  items?: Schema
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

/** Values that nearly fit a zod schema: mostly right, here and there something else. */
export function nearly(schema: z.ZodType): fc.Arbitrary<unknown> {
  return near(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema)
}

function near(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof(
    { arbitrary: right(schema), weight: 12 },
    { arbitrary: NASTY, weight: 1 },
    { arbitrary: polluting, weight: 1 },
  )
}

function right(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if ('const' in schema) return fc.constant(schema.const)
  const either = schema.anyOf ?? schema.oneOf
  if (either) return fc.oneof(...either.map(near))
  if (schema.allOf) return near(Object.assign({}, ...schema.allOf) as Schema)
  switch (schema.type) {
    case 'string':
      return fc.oneof(
        fc.constantFrom(
          '+12025550100',
          '+13035550100',
          '+14155550100',
          'pn_0',
          'a name',
          'UTC',
          '2027-01-05T09:00:00Z',
          'phonenumber',
        ),
        fc.string({ maxLength: 30 }),
      )
    case 'integer':
      return fc.integer({ min: Math.max(schema.minimum ?? -5, -1e9), max: Math.min(schema.maximum ?? 50, 1e9) })
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(near(schema.items ?? {}), { maxLength: Math.min(schema.maxItems ?? 4, 4) })
    case 'object':
      return objectOf(schema)
    default:
      return NASTY
  }
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
  const model = Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, near(inner)]))
  const known = fc.record(model, { requiredKeys: required.filter((key) => key in model) })
  const open = typeof additionalProperties === 'object' ? near(additionalProperties) : NASTY
  const more = fc.dictionary(fc.string({ maxLength: 12 }), open, { maxKeys: additionalProperties === false ? 0 : 2 })
  return fc.tuple(known, more).map(([some, others]) => ({ ...others, ...some }))
}
