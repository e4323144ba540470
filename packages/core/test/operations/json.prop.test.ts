import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fingerprint } from '../../src/jobs/fingerprint.js'
import { jsonObjectSchema, sameJson } from '../../src/operations/json.js'

/** The same value with the keys of its objects in another order. */
function turned(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(turned)
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  )
}
const object = fc.dictionary(fc.string(), fc.jsonValue())

/** One text for all values that are the same. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const members = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
  return `{${members.sort().join()}}`
}

describe('JSON', () => {
  property.prop([fc.jsonValue(), fc.jsonValue()])('is the same when it says the same', (a, b) => {
    expect(sameJson(a, b)).toBe(canonical(a) === canonical(b))
    expect(sameJson(a, turned(a))).toBe(true)
  })

  property.prop([object, object])('has one fingerprint if it is the same, and another if not', (a, b) => {
    expect(fingerprint(turned(a) as object)).toBe(fingerprint(a))
    expect(fingerprint(a) === fingerprint(b)).toBe(sameJson(a, b))
  })

  property.prop([object])('objects are taken as they are, not copied', (value) => {
    expect(jsonObjectSchema.parse(value)).toBe(value)
  })

  test('fingerprints tell apart what looks alike', () => {
    const alike = [
      {},
      { a: '' },
      { a: null },
      { a: 0 },
      { a: '0' },
      { a: [] },
      { a: {} },
      { a: [0] },
      { a: ['', ''] },
      { a: [''] },
      { aa: '' },
    ]
    expect(new Set(alike.map(fingerprint)).size).toBe(alike.length)
    expect(fingerprint({ a: 1, b: undefined })).toBe(fingerprint({ a: 1 }))
    expect(fingerprint({ at: { getTime: () => 5 } })).toBe(fingerprint({ at: { getTime: () => 5 } }))
    expect(fingerprint({ at: { getTime: () => 5 } })).not.toBe(fingerprint({ at: { getTime: () => 6 } }))
  })
})
