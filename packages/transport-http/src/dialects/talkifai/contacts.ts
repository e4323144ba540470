import { type ContactRowSource, csv, type RowBatch, readContacts } from '@outdial/contacts'
import type { ContactSource, RawRow } from '@outdial/core'
import { invalidField, invalidPhone, tooManyContacts } from './errors.js'

/** Contacts of one batch, counted before it is looked at what they are. */
export const MOST_CONTACTS = 10_000
/** Bytes of a CSV file. */
export const MOST_BYTES = 10 * 1024 ** 2

/** Good contacts, each number once, and how many rows were left out. */
export interface ContactList {
  contacts: Record<string, unknown>[]
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
  const contacts: Record<string, unknown>[] = []
  for await (const batch of reading.batches()) {
    for (const row of batch) {
      if (row.status === 'accepted') contacts.push({ phone: row.contact.phone, ...row.contact.variables })
      else if (row.status === 'rejected') onRejected(row.row, row.problems[0])
    }
  }
  const { rejected, duplicate } = reading.counts
  return { contacts, rejected, duplicate }
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
