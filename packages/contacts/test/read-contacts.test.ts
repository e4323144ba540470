import { describe, expect, it } from 'vitest'
import { csv, readContacts } from '../src/index.js'
import { codes, readAll } from './support.js'

const TEXT = [
  'phone,name',
  '+12025550100,a',
  '12025550101,b',
  '+12025550100,c',
  '+12025550102,d',
  '+1 202 555 0102,e',
  '',
].join('\n')

describe('readContacts', () => {
  it('should report every row: accepted, rejected, duplicate', async () => {
    const { rows } = await readAll(csv(TEXT))
    expect(rows.map((row) => [row.row, row.line, row.status, codes(row)])).toEqual([
      [1, 2, 'accepted', []],
      [2, 3, 'rejected', ['phone_not_e164']],
      [3, 4, 'duplicate', ['phone_duplicate']],
      [4, 5, 'accepted', []],
      [5, 6, 'rejected', ['phone_not_e164']],
    ])
    expect(rows[2]).toEqual({
      status: 'duplicate',
      row: 3,
      line: 4,
      phone: '+12025550100',
      firstRow: 1,
      problems: [{ code: 'phone_duplicate', message: '+12025550100 is also the number of row 1' }],
    })
  })

  it('should find duplicates after normalisation', async () => {
    const { rows } = await readAll(csv(TEXT), { defaultRegion: 'US' })
    expect(rows.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'duplicate', 'accepted', 'duplicate'])
    expect(rows[4]).toMatchObject({ phone: '+12025550102', firstRow: 4 })
  })

  it('should not take a number for a duplicate of a row that was rejected', async () => {
    const { rows } = await readAll(csv('phone,priority\n+12025550100,high\n+12025550100,1\n'))
    expect(rows.map(({ status }) => status)).toEqual(['rejected', 'accepted'])
  })

  it('should count', async () => {
    const reading = readContacts(csv(TEXT))
    expect(reading.counts).toEqual({ read: 0, accepted: 0, rejected: 0, duplicate: 0 })
    for await (const _ of reading);
    expect(reading.counts).toEqual({ read: 5, accepted: 2, rejected: 2, duplicate: 1 })
  })

  it('should give batches to those who have many rows', async () => {
    const rows = []
    for await (const batch of readContacts(csv(TEXT)).batches()) rows.push(...batch)
    expect(rows).toEqual((await readAll(csv(TEXT))).rows)
  })
})

describe('readContacts: all or nothing', () => {
  it('should accept all rows when none is rejected; duplicates do no harm', async () => {
    const { rows } = await readAll(csv(TEXT), { mode: 'all-or-nothing', defaultRegion: 'US' })
    expect(rows).toEqual((await readAll(csv(TEXT), { defaultRegion: 'US' })).rows)
  })

  it('should accept none when one is rejected, and still report on all', async () => {
    const { rows } = await readAll(csv(TEXT), { mode: 'all-or-nothing' })
    expect(rows.map((row) => [row.row, row.status, codes(row)])).toEqual([
      [1, 'rejected', ['not_taken']],
      [2, 'rejected', ['phone_not_e164']],
      [3, 'duplicate', ['phone_duplicate']],
      [4, 'rejected', ['not_taken']],
      [5, 'rejected', ['phone_not_e164']],
    ])
    expect(rows[3]).toMatchObject({ line: 5, problems: [{ message: expect.stringContaining('row 2 was rejected') }] })
  })

  it('should give out nothing when the source ends with an error', async () => {
    const result = await readAll(csv(`${TEXT}+12025550103,"open`), { mode: 'all-or-nothing' })
    expect(result).toEqual({ rows: [], error: 'quote_not_closed' })
  })
})
