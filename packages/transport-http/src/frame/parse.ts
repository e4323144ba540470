import type * as z from 'zod'
import { type Place, RequestFailed } from './failure.js'

/** What a schema makes of something that was sent; `invalid` with every issue, naming the place, when it does not fit. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown, place: Place): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [first, ...others] = result.error.issues
  // There is no failure without an issue.
  throw new RequestFailed({ kind: 'invalid', place, issues: [first as z.core.$ZodIssue, ...others] })
}

/** The failure for what no schema could say: one place, one path, one sentence. */
export function invalid(place: Place, path: (string | number)[], message: string): RequestFailed {
  return new RequestFailed({ kind: 'invalid', place, issues: [{ code: 'custom', path, message, input: undefined }] })
}

/** Where an issue is, as a JSON pointer: `/tasks/0/to_number`. Of unknown keys, the first. */
export function pointerOf(issue: z.core.$ZodIssue): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The same as people write it: `tasks[0].to_number`. */
export function fieldOf(issue: z.core.$ZodIssue): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? String(step) : `${text}.${String(step)}`
  }, '')
}
