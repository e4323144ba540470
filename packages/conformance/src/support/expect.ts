import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { type ErrorCode, isOutdialError } from '@outdial/core'

/** Everything that `expected` names is in `actual`; arrays are compared whole, entry by entry. */
export function contains(actual: unknown, expected: unknown, what?: string): void {
  if (!includes(actual, expected)) assert.deepEqual(actual, expected, what)
}

function includes(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return isDeepStrictEqual(actual, expected)
  if (typeof actual !== 'object' || actual === null) return false
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) return false
  return Object.entries(expected).every(([key, value]) => includes(Reflect.get(actual, key), value))
}

/** The call is refused with this code. */
export async function refuses(code: ErrorCode, call: () => Promise<unknown>): Promise<void> {
  const told = await call().then(
    (value) => assert.fail(`${code} was to be expected, and it was answered ${JSON.stringify(value)}`),
    (error: unknown) => error,
  )
  if (told instanceof assert.AssertionError) throw told
  assert.ok(isOutdialError(told, code), `${code} was to be expected, not ${String(told)}`)
}
