import { isDeepStrictEqual } from 'node:util'

export function same(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b)
}

export function equal(is: unknown, expected: unknown, what: string): void {
  if (!same(is, expected)) throw new Error(`${what}\n  is       ${text(is)}\n  expected ${text(expected)}`)
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, v) => (v === Number.POSITIVE_INFINITY ? 'Infinity' : v)) ?? 'undefined'
}
