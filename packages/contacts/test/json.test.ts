import { describe, expect, it } from 'vitest'
import { json, jsonl } from '../src/index.js'
import { bytes, codes, cutAt, readAll, readRow, streamOf } from './support.js'

const ADA = { phone: '+12025550100', name: 'Ada' }

describe('json', () => {
  it.each([
    ['a list', [ADA]],
    ['text', JSON.stringify([ADA])],
    ['text with byte order mark', `\ufeff${JSON.stringify([ADA])}`],
    ['bytes', bytes(JSON.stringify([ADA]))],
    ['a stream', () => streamOf(cutAt(bytes(JSON.stringify([ADA])), [1, 2, 3, 9]))],
  ])('should read %s', async (_, input) => {
    expect(await readRow(json(input))).toEqual({
      status: 'accepted',
      row: 1,
      contact: { phone: '+12025550100', variables: { name: 'Ada' } },
    })
  })

  it('should keep values of variables as they are', async () => {
    const row = { ...ADA, size: 3, tags: ['a', { b: null }], ok: true }
    expect(await readRow(json([row]))).toMatchObject({
      contact: { variables: { name: 'Ada', size: 3, tags: ['a', { b: null }], ok: true } },
    })
  })

  it('should keep __proto__ as data', async () => {
    const row = await readRow(json('[{"phone":"+12025550100","__proto__":{"admin":true}}]'))
    if (row.status !== 'accepted') throw new Error('not accepted')
    expect(Object.keys(row.contact.variables)).toEqual(['__proto__'])
    expect(row.contact.variables.admin).toBeUndefined()
    expect(row.warnings).toMatchObject([{ code: 'column_name_reserved', column: '__proto__' }])
  })

  it('should reject items that are not rows, or hold what cannot be kept, and read on', async () => {
    let deep: unknown = 'x'
    for (let i = 0; i < 40; i++) deep = [deep]
    const rows = [
      ...[null, 7, 'x', [1]],
      { name: 'no phone' },
      { ...ADA, name: 'a\0b' },
      { ...ADA, name: { first: ['\ud800'] } },
      { ...ADA, 'na\0me': 1 },
      { ...ADA, name: 'x'.repeat(70_000) },
      { ...ADA, deep },
      { ...ADA, Phone: '+12025550101' },
      Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`c${i}`, i])),
      ADA,
    ]
    const { rows: found } = await readAll(json(rows))
    expect(found.map(codes)).toEqual([
      ...Array.from({ length: 4 }, () => ['row_not_object']),
      ['phone_missing'],
      ['nul_byte'],
      ['invalid_utf8'],
      ['nul_byte'],
      ['field_too_long'],
      ['field_too_deep'],
      ['column_ambiguous'],
      ['too_many_columns'],
      [],
    ])
  })

  it.each([
    ['', 'file_empty'],
    [' \n', 'file_empty'],
    ['[{', 'json_invalid'],
    ['{"phone":"+12025550100"}', 'json_not_array'],
    ['null', 'json_not_array'],
    [Uint8Array.of(...bytes('[{"phone":"'), 0xff, ...bytes('"}]')), 'file_not_utf8'],
    [Uint8Array.of(...bytes('[{"phone":"'), 0xc3), 'file_not_utf8'],
    ['["\ud800"]', 'file_not_utf8'],
    ['PK\x03\x04', 'json_invalid'],
    [bytes('PK\x03\x04'), 'file_not_text'],
  ])('should refuse %j with %s', async (text, code) => {
    expect(await readAll(json(text))).toEqual({ rows: [], error: code })
  })

  it('should survive a document nested without end', async () => {
    const { error, rows } = await readAll(json('['.repeat(200_000) + ']'.repeat(200_000)))
    expect(error ?? rows.map(codes)).toEqual([['row_not_object']])
  })

  it('should end beyond the limits', async () => {
    expect((await readAll(json([ADA, ADA], { limits: { rows: 1 } }))).error).toBe('too_many_rows')
    expect((await readAll(json(JSON.stringify([ADA]), { limits: { bytes: 5 } }))).error).toBe('file_too_large')
  })
})

describe('jsonl', () => {
  const text = [
    JSON.stringify(ADA),
    '',
    '  ',
    '{"phone":"+12025550101"',
    '[1]',
    `{"phone":"+12025550102","x":"${'x'.repeat(99)}"}`,
    '{"phone":"+12025550103","x":"é"}',
  ].join('\r\n')

  it('should read one row from each line, tell lines, skip blank ones, and read on after bad ones', async () => {
    const { rows, error } = await readAll(jsonl(text, { limits: { rowBytes: 99 } }))
    expect(error).toBeUndefined()
    expect(rows.map((row) => [row.row, row.line, codes(row)])).toEqual([
      [1, 1, []],
      [2, 4, ['json_invalid']],
      [3, 5, ['row_not_object']],
      [4, 6, ['row_too_long']],
      [5, 7, []],
    ])
  })

  it('should read the same wherever the bytes are cut', async () => {
    const whole = await readAll(jsonl(text, { limits: { rowBytes: 99 } }))
    const single = [...bytes(text)].map((byte) => Uint8Array.of(byte))
    expect(await readAll(jsonl(streamOf(single), { limits: { rowBytes: 99 } }))).toEqual(whole)
    expect(await readAll(jsonl(streamOf(text), { limits: { rowBytes: 99 } }))).toEqual(whole)
  })

  it('should reject a line that is not text, and read on', async () => {
    const broken = Uint8Array.of(...bytes('{"phone":"'), 0xff, ...bytes(`"}\n${JSON.stringify(ADA)}\n`))
    expect((await readAll(jsonl(broken))).rows.map(codes)).toEqual([['invalid_utf8'], []])
  })

  it('should take nothing for no rows', async () => {
    expect(await readAll(jsonl('\n\n'))).toEqual({ rows: [] })
  })

  it('should end beyond the limits, after the rows before', async () => {
    const lines = `${JSON.stringify(ADA)}\n`.repeat(3)
    const rows = await readAll(jsonl(lines, { limits: { rows: 2 } }))
    expect([rows.rows.length, rows.error]).toEqual([2, 'too_many_rows'])
    expect((await readAll(jsonl(lines, { limits: { bytes: 50 } }))).error).toBe('file_too_large')
  })
})

describe('plain rows', () => {
  it('should be read from any iterable', async () => {
    for (const source of [[ADA], new Set([ADA]), streamOf([ADA])]) {
      expect(await readRow(source)).toMatchObject({ status: 'accepted', contact: { phone: '+12025550100' } })
    }
  })
})
