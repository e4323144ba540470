import * as z from 'zod'
import type { Settings } from './options.js'
import { JOB_TYPES, STATUSES } from './states.js'

/** Numbers that a list may be asked for. */
const MOST_PHONES = 10

const texts = z.union([z.string(), z.array(z.string())])

/** One value or several: repeated, `[]`, or with commas, as the service's SDK sends them. */
function several(value: string | string[]): string[] {
  return [value].flat().flatMap((text) => text.split(','))
}

/** A page's number or size. */
const whole = (most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(most))

/** Query of `GET /phone_numbers/jobs`. */
export function listQuery({ strictFilters }: Settings) {
  const statuses = (strictFilters ? z.array(z.string(), 'must be a list: filter[status][]') : texts)
    .transform((given) => (strictFilters ? [given].flat() : several(given)))
    .pipe(z.array(z.enum(STATUSES)))
  const phones = texts
    // A plus that was not encoded reads as a space.
    .transform((given) => (strictFilters ? [given].flat() : several(given)).map((text) => text.replace(/^ /, '+')))
    .pipe(
      z
        .array(
          z
            .string()
            .min(1)
            .regex(/^(?:\+\d{1,20}|[^+].*)$/s, 'must have 1 to 20 digits after the plus sign'),
        )
        .max(MOST_PHONES, `at most ${MOST_PHONES} values`),
    )
  return z.strictObject({
    page: z
      .strictObject({ number: whole(999_999_999).default(1), size: whole(250).default(20) })
      .default({ number: 1, size: 20 }),
    sort: z.enum(['created_at', '-created_at']).optional(),
    filter: z
      .strictObject({
        type: z.enum(JOB_TYPES).optional(),
        status: statuses.optional(),
        phone_number: phones.optional(),
      })
      .default({}),
  })
}
