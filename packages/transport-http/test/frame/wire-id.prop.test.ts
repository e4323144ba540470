import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { hexOf, jobOfHex, jobOfUuid, uuidOf } from '../../src/frame/wire-id.js'

const letters = fc.string({
  unit: fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyz'),
  minLength: 1,
  maxLength: 23,
})
const jobId = letters.map((text) => `job_${text}`)

test.prop([jobId])('a job id is a UUID of version 4 and 32 digits, and comes back from both', (id) => {
  expect(uuidOf(id)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(hexOf(id)).toMatch(/^[0-9a-f]{32}$/)
  expect(jobOfUuid(uuidOf(id))).toBe(id)
  expect(jobOfUuid(uuidOf(id).toUpperCase())).toBe(id)
  expect(jobOfHex(hexOf(id))).toBe(id)
})

test.prop([jobId, jobId])('two ids are two UUIDs', (a, b) => {
  expect(uuidOf(a) === uuidOf(b)).toBe(a === b)
})

test.prop([fc.uuid({ version: 4 })])('a UUID stands for one job id or for none', (uuid) => {
  const id = jobOfUuid(uuid)
  if (id !== undefined) expect(uuidOf(id)).toBe(uuid)
})

test.prop([fc.string()])('anything else stands for none', (text) => {
  fc.pre(!/^[0-9a-f-]{32,36}$/i.test(text))
  expect(jobOfUuid(text)).toBeUndefined()
  expect(jobOfHex(text)).toBeUndefined()
})

test('an id that is too long is refused, not cut', () => {
  expect(() => uuidOf(`job_${'a'.repeat(24)}`)).toThrow('IdSource')
})
