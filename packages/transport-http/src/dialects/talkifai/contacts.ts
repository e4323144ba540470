import { type ContactRowSource, csv, type RowBatch, readContacts } from '@outdial/contacts'
import type { ContactSource, RawRow, RowSource } from '@outdial/core'
import { invalidField, invalidPhone, tooManyContacts } from './errors.js'

/** Contacts of one batch, counted before it is looked at what they are. */
export const MOST_CONTACTS = 10_000
/** Bytes of a CSV file. */
export const MOST_BYTES = 10 * 1024 ** 2

/** Good contacts, each number once, and how many rows were left out. */
export interface ContactList {
  contacts: RawRow[]
  rejected: number
  duplicate: number
}

/** Here every other column is the client's own; nothing in a row decides how it is called. */
export const COLUMNS = {
  externalId: false,
  attempts: false,
  notBefore: false,
  timezone: false,
  callerId: false,
  agent: false,
  priority: false,
} as const

/** Contacts of a CSV file, read while it comes. Rows that are no contacts are left out, blank ones not even counted. */
export function csvContacts(pieces: AsyncGenerator<Uint8Array, void, undefined>, most: number): Promise<ContactList> {
  return listOf(nonBlank(csv(pieces, { limits: { rows: Number.POSITIVE_INFINITY } }), most), () => {})
}

/** Contacts of a JSON request, where a single one that is none refuses it. */
export function jsonContacts(
  contacts: readonly Readonly<Record<string, unknown>>[],
  most: number,
): Promise<ContactList> {
  if (contacts.length > most) throw tooManyContacts(most)
  return listOf(contacts, (row, { code, message, column }) => {
    const { phone } = contacts[row - 1] as { phone: string }
    if (code.startsWith('phone_')) throw invalidPhone(phone)
    throw invalidField(`contacts[${row - 1}]${column === undefined ? '' : `.${column}`}: ${message}`)
  })
}

async function listOf(
  source: ContactSource,
  onRejected: (row: number, problem: { code: string; message: string; column?: string }) => void,
): Promise<ContactList> {
  const reading = readContacts(source, { columns: COLUMNS })
  const contacts: RawRow[] = []
  for await (const batch of reading.batches()) {
    for (const row of batch) {
      if (row.status === 'accepted') {
        const { phone, variables } = row.contact
        // Nobody else has them, and they have no prototype that the phone could be one of.
        contacts.push({ row: row.row, fields: Object.assign(variables, { phone }) })
      } else if (row.status === 'rejected') onRejected(row.row, row.problems[0])
    }
  }
  const { rejected, duplicate } = reading.counts
  return { contacts, rejected, duplicate }
}

/** Rows that the engine takes at once. */
const BATCH = 1000

/** A list as the engine reads it: rows keep the number that they had in the file. */
export function sourceOf({ contacts }: ContactList): RowSource {
  async function* rows(): AsyncGenerator<readonly RawRow[], void, undefined> {
    for (let at = 0; at < contacts.length; at += BATCH) yield contacts.slice(at, at + BATCH)
  }
  return { kind: 'rows', rows }
}

/** The same source without rows that have nothing in them, as spreadsheets leave them at the end; it ends at the limit. */
function nonBlank(source: ContactRowSource, most: number): ContactRowSource {
  async function* rows(): AsyncGenerator<RowBatch, void, undefined> {
    let count = 0
    for await (const batch of source.rows()) {
      const kept = batch.filter((row) => !isBlank(row))
      count += kept.length
      if (count > most) throw tooManyContacts(most)
      yield batch.columns === undefined ? kept : Object.assign(kept, { columns: batch.columns })
    }
  }
  return { kind: 'rows', rows }
}

function isBlank({ fields, problems }: RawRow): boolean {
  // Of a row with more cells than columns the last are not seen here.
  return problems === undefined && Object.values(fields).every((cell) => String(cell).trim() === '')
}
