import type { ContactReader, RowResult } from '@outdial/core'
import { describe, expect, it } from 'vitest'
import { contactReader, csv } from '../src/index.js'
import { codes, failure, readAll, readRow } from './support.js'

describe('contactReader', () => {
  it('should be a reader as the core wants it, batch by batch', async () => {
    const reader: ContactReader = contactReader()
    const batches: (readonly RowResult[])[] = []
    const rows = Array.from({ length: 2_500 }, () => ({ phone: '+12025550100' }))
    for await (const batch of reader.read<Record<string, unknown>>(rows, {})) batches.push(batch)
    // Duplicates are the store's business.
    expect(batches.flat().map(({ status, row }) => [status, row])).toEqual(rows.map((_, i) => ['accepted', i + 1]))
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(1_000)
  })

  it('should read any source of raw rows, and reject those that come with problems', async () => {
    const source = {
      kind: 'rows' as const,
      async *rows() {
        yield [
          { row: 1, line: 3, fields: { phone: '+12025550100' } },
          { row: 2, line: 4, fields: { phone: '+12025550101' }, problems: [{ code: 'odd', message: 'Odd' }] },
          {
            row: 3,
            line: 5,
            fields: { phone: '+12025550102' },
            warnings: [{ code: 'hm', message: 'Hm' }],
            problems: [],
          },
        ]
      },
    }
    const { rows } = await readAll(source)
    expect(rows).toMatchObject([
      { status: 'accepted', line: 3 },
      { status: 'rejected', line: 4, problems: [{ code: 'odd' }] },
      { status: 'accepted', line: 5, warnings: [{ code: 'hm' }] },
    ])
  })

  it('should apply its limits to plain rows', async () => {
    const reader = contactReader({ limits: { rows: 1 } })
    const read = async () => {
      for await (const _ of reader.read([{}, {}], {}));
    }
    expect(await failure(read)).toMatchObject({ code: 'too_many_rows' })
  })

  it.each([undefined, null, 7, 'phone\n', {}])('should refuse %j as source', async (source) => {
    expect((await readAll(source as never)).error).toBe('invalid_options')
  })
})

describe('options', () => {
  it('should find fields in the columns that are named', async () => {
    const options = { columns: { phone: 'Mobile No.', externalId: 'ref', timezone: false as const } }
    const row = await readRow(csv('mobile_no.,REF,timezone,phone\n+12025550100,7,home,x\n'), options)
    expect(row).toMatchObject({
      contact: { phone: '+12025550100', externalId: '7', variables: { timezone: 'home', phone: 'x' } },
    })
  })

  it('should refuse a header without a column that was named', async () => {
    const { error } = await readAll(csv('phone,name\n'), { columns: { externalId: 'ref' } })
    expect(error).toBe('column_missing')
  })

  it('should refuse two columns that mean one field, row by row', async () => {
    expect(codes(await readRow(csv('phone,Phone\n+12025550100,+12025550101\n')))).toEqual(['column_ambiguous'])
  })

  it.each([
    [{ columns: { phone: false } }, 'columns.phone'],
    [{ columns: { phone: '' } }, 'columns.phone'],
    [{ columns: { agent: 7 } }, 'columns.agent'],
    [{ columns: { externalId: 'PHONE' } }, 'columns.externalId'],
    [{ defaultRegion: 'XX' }, 'defaultRegion'],
    [{ timezone: 'UTC+3' }, 'timezone'],
    [{ mode: 'some' }, 'mode'],
    [{ limits: { rows: -1 } }, 'limits.rows'],
  ])('should refuse %j', async (options, field) => {
    expect(await failure(() => readAllOrThrow(options))).toMatchObject({ code: 'invalid_options', details: { field } })
  })

  it('should take variables as the schema returns them', async () => {
    const variables = (raw: Record<string, unknown>) => ({ value: { size: Number(raw.size) } })
    expect(await readRow(csv('phone,size\n+12025550100,42\n'), { variables: variables as never })).toMatchObject({
      contact: { variables: { size: 42 } },
    })
  })

  it('should report what the schema says, together with everything else', async () => {
    const row = await readRow(csv('phone,size,priority\n12025550100,x,high\n'), {
      variables: () => ({ problems: [{ code: 'variables_invalid', column: 'size', message: 'Not a number' }] }),
    })
    expect(codes(row)).toEqual(['phone_not_e164', 'priority_invalid', 'variables_invalid'])
    expect(row).toMatchObject({ problems: [{ column: 'phone' }, { column: 'priority' }, { column: 'size' }] })
  })
})

// Helpers

async function readAllOrThrow(options: object): Promise<void> {
  const { readContacts } = await import('../src/index.js')
  for await (const _ of readContacts(csv('phone\n'), options));
}
