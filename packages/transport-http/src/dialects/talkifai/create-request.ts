import type { Body } from '../../frame/body.js'
import { digest } from '../../frame/digest.js'
import { RequestFailed } from '../../frame/failure.js'
import { type FormPart, formParts } from '../../frame/multipart.js'
import { parsed } from '../../frame/parse.js'
import { type ContactList, csvContacts, jsonContacts, MOST_BYTES } from './contacts.js'
import { invalidCsv, invalidField, noValidContacts, told } from './errors.js'
import { type BatchRequest, createForm, createJson } from './schema.js'
import { checkTimezone, scheduledTime } from './time.js'

/** A request for a batch, read. */
export interface CreateRequest {
  batch: BatchRequest
  /** When it is to begin; absent: at once. */
  startAt: number | undefined
  list: ContactList
  /** Tells two requests apart that are of the same size. */
  content(): Promise<string>
}

/** What a form has beside its file. */
const FORM_ROOM = 256 * 1024
/** Bytes that a request may have. */
export const MOST_REQUEST: number = MOST_BYTES + FORM_ROOM

/** What reading a request depends on, beside the request. */
interface Reading {
  /** Contacts taken. */
  most: number
  now: number
}

/** The CSV form or the JSON body of `POST /batch/create`. */
export async function readRequest(raw: Body, reading: Reading): Promise<CreateRequest> {
  switch (raw.type) {
    case 'multipart/form-data':
      return formRequest(raw, reading)
    case 'application/json':
    case '':
      return jsonRequest(raw, reading)
    default:
      throw new RequestFailed({
        kind: 'unsupported_media_type',
        expected: ['multipart/form-data', 'application/json'],
      })
  }
}

async function jsonRequest(raw: Body, { most, now }: Reading): Promise<CreateRequest> {
  const { contacts, ...batch } = await raw.json(createJson)
  const startAt = startOf(batch, now)
  const list = await jsonContacts(contacts, most)
  if (list.contacts.length === 0) throw noValidContacts('request')
  return { batch, startAt, list, content: () => contentOf(batch, list) }
}

/**
 * The file may come before the fields, and usually does: its rows are read while they come and kept until all is known,
 * ten thousand at most. The file itself is not.
 */
async function formRequest(raw: Body, { most, now }: Reading): Promise<CreateRequest> {
  const fields = new Map<string, string>()
  let list: ContactList | undefined
  const limits = { file: MOST_BYTES }
  for await (const part of formParts(raw.stream(), raw.contentType, new Set(['file']), limits)) {
    if (part.kind === 'field') addField(fields, part)
    else if (list) throw invalidField('file: is given twice')
    else list = await fileOf(part.pieces, most)
  }
  const batch = parsed(createForm, Object.fromEntries(fields), 'body')
  const startAt = startOf(batch, now)
  if (!list) throw invalidCsv("there is no 'file' in the form")
  if (list.contacts.length === 0) throw noValidContacts('CSV')
  const given = list
  return { batch, startAt, list, content: () => contentOf(batch, given) }
}

/** The zone is looked at also when nothing is to be read in it. */
function startOf({ scheduledStartTime, timezone }: BatchRequest, now: number): number | undefined {
  checkTimezone(timezone)
  return scheduledStartTime === null ? undefined : scheduledTime(scheduledStartTime, timezone, now)
}

const OPTIONAL: ReadonlySet<string> = new Set([
  'description',
  'concurrentCallLimit',
  'maxAttempts',
  'scheduledStartTime',
  'timezone',
])

function addField(fields: Map<string, string>, { name, value }: Extract<FormPart, { kind: 'field' }>): void {
  if (fields.has(name)) throw invalidField(`${name}: is given twice`)
  if (value !== '' || !OPTIONAL.has(name)) fields.set(name, value)
}

async function fileOf(pieces: AsyncGenerator<Uint8Array, void, undefined>, most: number): Promise<ContactList> {
  try {
    return await csvContacts(pieces, most)
  } catch (error) {
    const failed = error instanceof RequestFailed ? error.failure : undefined
    if (failed?.kind === 'too_large' && failed.limit === MOST_BYTES)
      throw told(413, 'file_too_large', 'File too large. Maximum size is 10MB')
    throw error
  }
}

function contentOf(batch: BatchRequest, { contacts }: ContactList): Promise<string> {
  return digest(JSON.stringify(batch), JSON.stringify(contacts))
}
