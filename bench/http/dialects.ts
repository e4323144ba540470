import { carrierx, type Dialect, native, talkifai, telnyx, zudu } from '@outdial/transport-http'
import { z } from 'zod'
import type { Row } from '../support/people.js'

/** How a dialect creates a job of so many contacts or numbers, and what a bare router would check of it. */
export interface Creation {
  dialect(): Dialect
  path: string
  /** Most contacts or numbers that the dialect takes in one request. Default: any number. */
  most?: number
  /** With the key of an organization. */
  headers(key: string): Readonly<Record<string, string>>
  /** How many take turns. Default 1. */
  organizations?: number
  body(people: readonly Row[]): unknown
  /** Where the contacts or numbers are in the body, and what tells one from another; default: the whole of it. */
  rows: string
  key?: string
  /** The form of the body, numbers included: what its author would write with zod. */
  schema: z.ZodType
}

export const FROM = '+13035550100'
/** The key of an organization, which goes by the same name. */
export const keyOf = (i: number): string => `bench-key-0123456789-${i}`
export const SECRET = 'bench-secret-0123456789'

const TRUNK = '2297adf9-cc6f-45f0-9501-5e8c69d21f11'
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const phone = z.string().regex(/^\+[1-9]\d{6,14}$/)

/** Numbers as the inventory has them: by these ids, or by their digits. */
const digitsOf = ({ phone }: Row) => (phone as string).slice(1)
export const idOf = (row: Row): string => `did-${digitsOf(row)}`

/** Every dialect: those that call create campaigns, the others jobs on numbers. */
export const CREATIONS: Readonly<Record<string, Creation>> = {
  native: {
    dialect: native,
    path: '/v1/call-jobs',
    headers: bearer,
    body: (contacts) => ({
      name: 'Reminders',
      from: FROM,
      contacts,
      attempts: 3,
      concurrency: 50,
    }),
    rows: 'contacts',
    key: 'phone',
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
    headers: (key) => ({ 'x-api-key': key, 'x-api-secret': SECRET }),
    body: (contacts) => ({
      from_number: FROM,
      status: 'draft',
      tasks: contacts.map(({ phone: to_number, ...dynamic_variables }) => ({ to_number, dynamic_variables })),
    }),
    rows: 'tasks',
    key: 'to_number',
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
    headers: bearer,
    body: (contacts) => ({ fromPhoneNumberId: 'pn_1', name: 'Reminders', contacts, maxAttempts: 3 }),
    rows: 'contacts',
    key: 'phone',
    schema: z.strictObject({
      fromPhoneNumberId: z.string(),
      name: z.string().max(200),
      contacts: z.array(z.looseObject({ phone })),
      maxAttempts: z.int().min(1).max(10),
    }),
  },
  carrierx: {
    dialect: carrierx,
    path: '/core/v2/batch/tasks',
    headers: bearer,
    body: (numbers) => ({
      method: 'POST',
      type: 'phonenumber',
      review: true,
      data: numbers.map((row) => ({ phonenumber: digitsOf(row), trunk_group_sid: TRUNK, string_key_1: row.city })),
    }),
    rows: 'data',
    key: 'phonenumber',
    schema: z.strictObject({
      method: z.literal('POST'),
      type: z.string().max(200),
      review: z.boolean(),
      data: z.array(z.looseObject({ phonenumber: z.string().regex(/^[1-9]\d{6,14}$/) })),
    }),
  },
  telnyx: {
    dialect: telnyx,
    // One may have twenty jobs open, which are counted for every new one.
    organizations: 8,
    path: '/v2/phone_numbers/jobs/update_phone_numbers',
    most: 1000,
    headers: bearer,
    body: (numbers) => ({ phone_numbers: numbers.map(idOf), tags: ['spring'] }),
    rows: 'phone_numbers',
    schema: z.strictObject({
      phone_numbers: z.array(z.string().min(1).max(100)).max(1000),
      tags: z.array(z.string().max(1000)),
    }),
  },
}
