import type { JsonObject } from '@outdial/core'
import * as z from 'zod'
import { METHODS } from './states.js'

/** `is required` for what is not there; else what zod says. */
const required = { error: ({ input }: { input?: unknown }) => (input === undefined ? 'is required' : undefined) }

const key = z.string().min(1).max(1000)

const createFields = z.strictObject({
  method: z.enum(METHODS, required),
  type: z.string(required).min(1).max(200),
  // Judged by the method; taken as it is, so that no field of it is lost.
  data: z.unknown().optional(),
  entries: z.array(key).nullish(),
  field: z.string().min(1).max(200).nullish(),
  review: z.boolean().default(true),
})

/** A task to create, in the form of its method. */
export type TaskGiven = { type: string; review: boolean } & (
  | { method: 'POST'; data: readonly JsonObject[] }
  | { method: 'PATCH'; data: JsonObject; entries: readonly string[]; field: string }
  | { method: 'DELETE'; entries: readonly string[]; field: string }
)

type Complain = (field: string, message: string, ...path: (string | number)[]) => void

/** Body of `POST /batch/tasks`. What a method needs has to be there, and what it does not use must not. */
export const createBody = createFields
  .superRefine((given, context) => {
    const complain: Complain = (field, message, ...path) =>
      context.addIssue({ code: 'custom', path: [field, ...path], message })
    const { method, data, entries, field } = given
    if (method === 'POST') {
      if (entries?.length) complain('entries', 'must be null or absent with method POST')
      if (field !== undefined && field !== null) complain('field', 'must be null or absent with method POST')
      checkObjects(data, complain)
      return
    }
    if (entries === undefined || entries === null) complain('entries', `is required with method ${method}`)
    else if (entries.length === 0) complain('entries', 'must have at least one entry')
    if (field === undefined || field === null) complain('field', `is required with method ${method}`)
    if (method === 'PATCH') checkChanges(data, complain)
    else if (data !== undefined && data !== null) complain('data', 'must be null or absent with method DELETE')
  })
  .transform((given): TaskGiven => given as TaskGiven)

function checkObjects(data: unknown, complain: Complain): void {
  if (data === undefined || data === null) complain('data', 'is required with method POST')
  else if (!Array.isArray(data)) complain('data', 'must be an array of objects with method POST')
  else if (data.length === 0) complain('data', 'must have at least one object')
  else {
    const index = data.findIndex((one) => !isObject(one))
    if (index >= 0) complain('data', 'must be an object', index)
  }
}

function checkChanges(data: unknown, complain: Complain): void {
  if (data === undefined || data === null) complain('data', 'is required with method PATCH')
  else if (!isObject(data)) complain('data', 'must be an object with method PATCH')
  else if (Object.keys(data).length === 0) complain('data', 'must have at least one field')
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const counter = z.int().min(0).nullish()
const text = z.string().max(1000)

/** A task as a client sends it back, with another status perhaps. */
const fields = z.strictObject({
  data: z.unknown().optional(),
  date_created: text.optional(),
  date_modified: text.optional(),
  entries: z.array(z.string()).nullish(),
  failure: counter,
  field: text.nullish(),
  method: z.enum(METHODS).optional(),
  partner_sid: text.optional(),
  processed: counter,
  review: z.boolean().optional(),
  status: text.optional(),
  success: counter,
  task_sid: text.optional(),
  total: counter,
  type: text.optional(),
})

/** Body of `PATCH /batch/tasks/{task_sid}`. */
export const patchBody = fields

/** See {@link patchBody}. */
export type TaskSent = z.infer<typeof fields>

/** What a client has to send back of a task: all that it could have said itself. */
const WRITABLE = ['data', 'entries', 'field', 'method', 'review', 'status', 'type'] as const

/** Body of `PUT /batch/tasks/{task_sid}`: null is a value, nothing is not. */
export const putBody = fields.superRefine((sent, context) => {
  for (const name of WRITABLE)
    if (sent[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: 'is required' })
})
