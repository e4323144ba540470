import { type Dialect, native, talkifai, zudu } from '@outdial/transport-http'
import { z } from 'zod'
import type { Row } from '../support/people.js'

/** How a dialect creates a campaign of so many contacts, and what a bare router would check of it. */
export interface Creation {
  dialect(): Dialect
  path: string
  /** Most contacts that the dialect takes in one request. Default: any number. */
  most?: number
  headers: Readonly<Record<string, string>>
  body(people: readonly Row[]): unknown
  /** The form of the body, numbers included: what its author would write with zod. */
  schema: z.ZodType
}

export const FROM = '+13035550100'
export const KEY = 'bench-key-0123456789'
export const SECRET = 'bench-secret-0123456789'

const phone = z.string().regex(/^\+[1-9]\d{6,14}$/)

/** A line for each dialect that creates campaigns. */
export const CREATIONS: Readonly<Record<string, Creation>> = {
  native: {
    dialect: native,
    path: '/v1/call-jobs',
    headers: { authorization: `Bearer ${KEY}` },
    body: (contacts) => ({
      name: 'Reminders',
      from: FROM,
      contacts,
      attempts: 3,
      concurrency: 50,
    }),
    schema: z.strictObject({
      name: z.string().max(200),
      from: phone,
      contacts: z.array(z.looseObject({ phone })),
      attempts: z.int().min(1),
      concurrency: z.int().min(1),
    }),
  },
  zudu: {
    dialect: zudu,
    path: '/batch-call',
    most: 1000,
    headers: { 'x-api-key': KEY, 'x-api-secret': SECRET },
    body: (contacts) => ({
      from_number: FROM,
      status: 'draft',
      tasks: contacts.map(({ phone: to_number, ...dynamic_variables }) => ({ to_number, dynamic_variables })),
    }),
    schema: z.strictObject({
      from_number: phone,
      status: z.enum(['draft', 'scheduled']),
      tasks: z
        .array(z.strictObject({ to_number: phone, dynamic_variables: z.record(z.string(), z.unknown()) }))
        .max(1000),
    }),
  },
  talkifai: {
    dialect: talkifai,
    path: '/batch/create',
    most: 10_000,
    headers: { authorization: `Bearer ${KEY}` },
    body: (contacts) => ({ fromPhoneNumberId: 'pn_1', name: 'Reminders', contacts, maxAttempts: 3 }),
    schema: z.strictObject({
      fromPhoneNumberId: z.string(),
      name: z.string().max(200),
      contacts: z.array(z.looseObject({ phone })),
      maxAttempts: z.int().min(1).max(10),
    }),
  },
}
