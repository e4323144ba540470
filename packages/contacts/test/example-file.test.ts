import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { contactsFile } from '../src/node.js'
import { codes, readAll } from './support.js'

/** Ranges that are given to nobody: they are there for films and examples. */
const RESERVED = /^(?:\+1\d{3}55501\d\d|\+442079460\d{3}|\+447700900\d{3})$/

const file = fileURLToPath(new URL('../../../examples/data/contacts.csv', import.meta.url))

describe('examples/data/contacts.csv', () => {
  it('should be 1,200 rows, most of them good, with ten kinds of bad ones among them', async () => {
    const { rows } = await readAll(contactsFile(file))
    const kinds = new Map<string, number>()
    for (const row of rows)
      kinds.set(codes(row).join() || 'accepted', (kinds.get(codes(row).join() || 'accepted') ?? 0) + 1)
    expect(Object.fromEntries(kinds)).toEqual({
      accepted: 1_090,
      phone_missing: 11,
      // No plus, formatted, and letters.
      phone_not_e164: 33,
      phone_scientific: 11,
      phone_impossible_length: 11,
      phone_unknown_country: 11,
      phone_duplicate: 11,
      row_ragged: 11,
      invalid_utf8: 11,
    })
  })

  it('should have reserved numbers only, also where they would be dialed in a default region', async () => {
    for (const options of [{}, { defaultRegion: 'US' }, { defaultRegion: 'GB' }]) {
      const { rows } = await readAll(contactsFile(file), options)
      const phones = rows.flatMap((row) => (row.status === 'accepted' ? [row.contact.phone] : []))
      expect(phones.length).toBeGreaterThanOrEqual(1_050)
      expect(phones.filter((phone) => !RESERVED.test(phone))).toEqual([])
    }
  })
})
