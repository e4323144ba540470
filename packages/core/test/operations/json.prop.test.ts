import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJsonObject, jsonObjectSchema } from '../../src/operations/json.js'

const nested = (depth: number) => {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { a: value }
  return { value }
}

describe('isJsonObject', () => {
  it('says what the schema says', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.object({
            withDate: true,
            withBigInt: true,
            withNullPrototype: true,
            withMap: true,
            withSparseArray: true,
          }),
          fc.anything(),
        ),
        (value) => {
          expect(isJsonObject(value)).toBe(jsonObjectSchema.safeParse(value).success)
        },
      ),
      { numRuns: 1000 },
    ))

  it.each([62, 63, 64, 65, 66])('says so of what is nested %d deep', (depth) => {
    expect(isJsonObject(nested(depth))).toBe(jsonObjectSchema.safeParse(nested(depth)).success)
  })
})
