import * as z from 'zod'
import { parseOptions } from './options.js'

/** What an object has to be to be asked at all; its fields are checked where they are used. */
const objectSchema = z.custom<object>((given) => typeof given === 'object' && given !== null, {
  error: 'expected an object',
})

/** Checks that options are an object: what is none would be a TypeError where its fields are read. Throws `invalid_options`. */
export function parseObject<T extends object>(given: T, field: string): T {
  return parseOptions(objectSchema as unknown as z.ZodType<T>, given, field)
}

/** The id of an organization, where a default has been filled in. Throws `invalid_options`. */
export function parseOrganization(given: string): string {
  return parseOptions(z.string().min(1).max(200), given, 'organization')
}
