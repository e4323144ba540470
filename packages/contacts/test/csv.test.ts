import { describe, expect, it, vi } from 'vitest'
import { csv, readContacts } from '../src/index.js'
import { bytes, codes, failure, readAll, readRow, streamOf } from './support.js'

const all = async (text: string | Uint8Array, options = {}) => (await readAll(csv(text, options))).rows

describe('csv: header and columns', () => {
  it('should keep the columns that are not fields of a contact as variables, as text', async () => {
    const row = await readRow(csv('phone,name,size\n+12025550100,Ada,03\n'))
    expect(row).toEqual({
      status: 'accepted',
      row: 1,
      line: 2,
      contact: { phone: '+12025550100', variables: { name: 'Ada', size: '03' } },
    })
  })

  it.each(['phone', 'Phone', 'PHONE', ' phone ', '"Phone"'])('should take %j as the phone column', async (name) => {
    expect(await readRow(csv(`${name},x\n+12025550100,1\n`))).toMatchObject({ contact: { phone: '+12025550100' } })
  })

  it('should match optional columns without regard to case, spaces, - and _', async () => {
    const row = await readRow(
      csv('PHONE,External ID,not_before,CALLER-ID\n+12025550100,7,2026-01-01T00:00Z,+12025550199\n'),
    )
    expect(row).toMatchObject({
      contact: { externalId: '7', notBefore: Date.UTC(2026, 0, 1), callerId: '+12025550199', variables: {} },
    })
  })

  it('should call a column without name after its place', async () => {
    expect(await readRow(csv('phone,,\n+12025550100,a,b\n'))).toMatchObject({
      contact: { variables: { 'column 2': 'a', 'column 3': 'b' } },
    })
  })

  it('should keep columns called like properties of objects as data, with a warning', async () => {
    const rows = await all('phone,__proto__,constructor,prototype\n+12025550100,a,b,c\n+12025550101,d,e,f\n')
    const [first, second] = rows
    if (first?.status !== 'accepted' || second?.status !== 'accepted') throw new Error('not accepted')
    expect(Object.entries(first.contact.variables)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['prototype', 'c'],
    ])
    expect(first.warnings?.map(({ code, column }) => [code, column])).toEqual([
      ['column_name_reserved', '__proto__'],
      ['column_name_reserved', 'constructor'],
      ['column_name_reserved', 'prototype'],
    ])
    // Once is enough: a million rows need no million warnings.
    expect(second.warnings).toBeUndefined()
    expect(({} as Record<string, unknown>).a).toBeUndefined()
  })

  it('should list the columns found when there is none for the phone', async () => {
    const error = await failure(() => readAllOrThrow('mobile;name\n+12025550100;Ada\n'))
    expect(error).toMatchObject({ code: 'phone_column_missing', details: { found: ['mobile', 'name'] } })
    expect(error.message).toContain('"mobile", "name"')
  })

  it('should notice a missing phone column even without rows', async () => {
    expect(await failure(() => readAllOrThrow('mobile\n'))).toMatchObject({ code: 'phone_column_missing' })
  })

  it('should suspect a missing header when the first line looks like a contact', async () => {
    const error = await failure(() => readAllOrThrow('+12025550100,Ada\n+12025550101,Bob\n'))
    expect(error).toMatchObject({ code: 'phone_column_missing' })
    expect(error.message).toContain('a header is needed')
  })

  it('should refuse two columns of one name', async () => {
    expect(await failure(() => readAllOrThrow('phone,name, name\n'))).toMatchObject({
      code: 'column_duplicate',
      details: { column: 'name', line: 1 },
    })
  })

  it.each([
    ['NUL', bytes('pho\0ne,a\n')],
    ['invalid UTF-8', Uint8Array.of(...bytes('phone,a'), 0xff, 0x0a)],
    ['broken quotes', bytes('phone,"a"b\n')],
  ])('should refuse a header with %s', async (_, text) => {
    expect(await failure(() => readAllOrThrow(text))).toMatchObject({ code: 'header_invalid' })
  })

  it.each(['', '\n', ' \n\r\n', '\ufeff'])('should refuse a file with nothing in it: %j', async (text) => {
    expect(await failure(() => readAllOrThrow(text))).toMatchObject({ code: 'file_empty' })
  })

  it('should find no rows, and no fault, in a header alone', async () => {
    expect(await all('phone,name')).toEqual([])
    expect(await all('phone,name\n\n')).toEqual([])
  })
})

describe('csv: dialects', () => {
  it.each([
    [',', 'phone,name\n'],
    [';', 'phone;name\n'],
    ['\t', 'phone\tname\n'],
    [';', 'phone;"name, first, last, a,b";c\n'],
    [',', '\n  \nphone,name\n'],
  ])('should find the delimiter %j in %j', async (delimiter, header) => {
    const cells = header.trim().includes('"') ? ['+12025550100', 'Ada', ''] : ['+12025550100', 'Ada']
    expect(await readRow(csv(header + cells.join(delimiter)))).toMatchObject({ contact: { phone: '+12025550100' } })
  })

  it('should take the delimiter that is given', async () => {
    expect(await readRow(csv('phone|a,b\n+12025550100|x,y\n', { delimiter: '|' }))).toMatchObject({
      contact: { variables: { 'a,b': 'x,y' } },
    })
  })

  it.each(['', ',,', '"', '\n', 'é'])('should refuse %j as delimiter', async (delimiter) => {
    expect(await failure(() => csv('phone', { delimiter }))).toMatchObject({
      code: 'invalid_options',
      details: { field: 'delimiter' },
    })
  })

  it.each(['\n', '\r\n', '\r'])('should read lines that end in %j', async (newline) => {
    const rows = await all(['phone,name', '+12025550100,"a', 'b"', '', '+12025550101,c', ''].join(newline))
    expect(rows).toMatchObject([
      { row: 1, line: 2, contact: { variables: { name: `a${newline}b` } } },
      { row: 2, line: 5, contact: { variables: { name: 'c' } } },
    ])
  })

  it('should read a file that was joined from parts with different line ends', async () => {
    const rows = await all('phone,name\n+12025550100,"a"\r\n+12025550101,b\n+12025550102,"c"\r\n')
    expect(rows.map((row) => row.status === 'accepted' && row.contact.variables.name)).toEqual(['a', 'b', 'c'])
  })

  it('should read quotes as plain characters where asked to', async () => {
    expect(await readRow(csv('phone\tpipe\n+12025550100\t"5 inch\n', { quotes: false }))).toMatchObject({
      contact: { variables: { pipe: '"5 inch' } },
    })
  })

  it('should read the encoding that is given, but believe a byte order mark more', async () => {
    const latin = Uint8Array.of(...bytes('phone,name\n+12025550100,Ren'), 0xe9, 0x0a)
    expect(await readRow(csv(latin, { encoding: 'windows-1252' }))).toMatchObject({
      contact: { variables: { name: 'René' } },
    })
    expect(await readRow(csv(latin))).toMatchObject({ status: 'rejected' })
    const marked = bytes('\ufeffphone,name\n+12025550100,René\n')
    expect(await readRow(csv(marked, { encoding: 'windows-1252' }))).toMatchObject({
      contact: { variables: { name: 'René' } },
    })
  })

  it('should refuse an encoding that nobody knows', async () => {
    expect(await failure(() => readAllOrThrow(bytes('phone\n'), { encoding: 'utf-9' }))).toMatchObject({
      code: 'invalid_options',
    })
  })
})

describe('csv: rows', () => {
  it('should count neither the header nor blank lines, but tell real lines', async () => {
    const rows = await all('\n\nphone,name\n\n+12025550100,a\n   \n\n+12025550101,b\n\n')
    expect(rows.map(({ row, line }) => [row, line])).toEqual([
      [1, 5],
      [2, 8],
    ])
  })

  it('should take a row of empty fields for a row', async () => {
    expect(codes(await readRow(csv('phone,name\n,\n')))).toEqual(['phone_missing'])
  })

  it('should reject ragged rows with both counts, and read on', async () => {
    const rows = await all('phone,name\n+12025550100\n+12025550101,a,b\n+12025550102,c\n')
    expect(rows.map(codes)).toEqual([['row_ragged'], ['row_ragged'], []])
    expect(rows[0]).toMatchObject({ problems: [{ message: 'The row has 1 field where the header has 2 columns' }] })
    expect(rows[1]).toMatchObject({ problems: [{ message: 'The row has 3 fields where the header has 2 columns' }] })
  })

  it('should reject exactly the rows with NUL characters or bytes that are not text, and name the column', async () => {
    const text = Uint8Array.of(
      ...bytes('phone,name\n+12025550100,good\n+12025550101,a\0b\n+12025550102,a'),
      0xc3,
      ...bytes('\n+12025550103,\ufffd is a character\n+12025550104,\0'),
      0xff,
      0x0a,
    )
    const rows = await all(text)
    expect(rows.map(codes)).toEqual([[], ['nul_byte'], ['invalid_utf8'], [], ['nul_byte', 'invalid_utf8']])
    expect(rows[1]).toMatchObject({ problems: [{ column: 'name' }] })
    expect(rows[2]).toMatchObject({ problems: [{ column: 'name' }] })
  })

  it('should reject a row with half a surrogate pair, which only JavaScript text can have', async () => {
    const rows = await all('phone,name\n+12025550100,\ud800\n+12025550101,\ud83d\ude00\n')
    expect(rows.map(codes)).toEqual([['invalid_utf8'], []])
  })

  it('should keep quotes within a field that is not quoted', async () => {
    expect(await readRow(csv('phone,name\n+12025550100,Bob "the" 5" Smith\n'))).toMatchObject({
      contact: { variables: { name: 'Bob "the" 5" Smith' } },
    })
  })

  it('should reject a quoted field that does not end with its quote, and say which lines it swallowed', async () => {
    const rows = await all('phone,name\n+12025550100,"Bob\n+12025550101,"Al"\n+12025550102,Cy\n')
    expect(rows.map(({ line }) => line)).toEqual([2, 4])
    expect(rows.map(codes)).toEqual([['quote_invalid'], []])
    expect(rows[0]).toMatchObject({ problems: [{ column: 'name', message: expect.stringContaining('to line 3') }] })
  })

  it('should say on which line the row begins whose quote is never closed, after giving out the rows before', async () => {
    const { rows, error } = await readAll(csv('phone,name\n+12025550100,a\n\n+12025550101,"b\nc\nd\n'))
    expect(rows.map(codes)).toEqual([[]])
    expect(error).toBe('quote_not_closed')
    expect(await failure(() => readAllOrThrow('phone,name\n+12025550100,a\n\n+12025550101,"b\nc\nd\n'))).toMatchObject({
      details: { line: 4 },
    })
  })
})

describe('csv: limits', () => {
  const rows = (count: number) =>
    `phone,name\n${Array.from({ length: count }, (_, i) => `+1202555010${i},a\n`).join('')}`

  it('should reject a field that is too long, and read on', async () => {
    const found = await all('phone,name\n+12025550100,abcdefghijklm\n+12025550101,b\n', { limits: { fieldLength: 12 } })
    expect(found.map(codes)).toEqual([['field_too_long'], []])
    expect(found[0]).toMatchObject({ problems: [{ column: 'name' }] })
  })

  it('should keep a field of 64 KiB, and reject a longer one, by default', async () => {
    const found = await all(`phone,name\n+12025550100,${'x'.repeat(65_536)}\n+12025550101,${'x'.repeat(65_537)}\n`)
    expect(found.map(codes)).toEqual([[], ['field_too_long']])
  })

  it('should end at a row that is too long', async () => {
    const { rows: found, error } = await readAll(
      csv(`${rows(1)}+12025550109,${'x'.repeat(99)}\n`, { limits: { rowBytes: 90 } }),
    )
    expect([found.length, error]).toEqual([1, 'row_too_long'])
  })

  it('should end at a quote that is still open when the row is too long', async () => {
    const text = `${rows(1)}+12025550109,"x\n${'a,b\n'.repeat(99)}`
    expect((await readAll(csv(text, { limits: { rowBytes: 90 } }))).error).toBe('quote_not_closed')
  })

  it('should not take many blank lines for a long row', async () => {
    const text = `phone,name\n${'\n'.repeat(500_000)}+12025550100,a\n`
    expect(await readRow(csv(text, { limits: { rowBytes: 100 } }))).toMatchObject({ status: 'accepted', line: 500_002 })
  })

  it.each([
    ['rows', { rows: 2 }, 'too_many_rows', 2],
    ['columns', { columns: 1 }, 'too_many_columns', 0],
    ['bytes', { bytes: 30 }, 'file_too_large', 1],
  ])('should end beyond the limit of %s, after the rows before', async (_, limits, code, count) => {
    const { rows: found, error } = await readAll(csv(rows(3), { limits }))
    expect([error, found.length]).toEqual([code, count])
  })

  it.each(['\n', '\r\n', '\r'])(
    'should find the same before any limit of bytes, byte by byte (%j)',
    async (newline) => {
      const text = bytes(['phone,first name,middle name,last name,phone', '+12025550100,a,b,c', ''].join(newline))
      for (let limit = 1; limit <= text.length; limit++) {
        const limits = { bytes: limit }
        const single = await readAll(csv(streamOf([...text].map((byte) => Uint8Array.of(byte))), { limits }))
        expect([limit, single]).toEqual([limit, await readAll(csv(text, { limits }))])
      }
    },
  )

  it('should not hold more than a few chunks of an endless field', async () => {
    async function* endless() {
      yield 'phone,name\n+12025550100,"'
      for (;;) yield 'x'.repeat(65_536)
    }
    expect((await readAll(csv(endless()))).error).toBe('row_too_long')
  })

  it('should refuse a limit that is none', async () => {
    expect(await failure(() => csv('', { limits: { rows: 0 } }))).toMatchObject({ code: 'invalid_options' })
    expect(await failure(() => csv('', { limits: { bytes: Number.NaN } }))).toMatchObject({ code: 'invalid_options' })
  })
})

describe('csv: sources', () => {
  const text = 'phone\n+12025550100\n'

  it.each([
    ['text', () => text],
    ['bytes', () => bytes(text)],
    ['a stream of bytes', () => streamOf([bytes(text)])],
    ['a stream of text', () => streamOf([...text])],
    ['a web stream', () => new Blob([text]).stream()],
    ['a function', () => () => streamOf([bytes(text)])],
  ])('should read %s', async (_, make) => {
    expect(await readRow(csv(make()))).toMatchObject({ status: 'accepted' })
  })

  it('should read text and functions again, but a stream only once', async () => {
    const again = csv(text)
    const opened = csv(() => streamOf([text]))
    const once = csv(streamOf([text]))
    for (const source of [again, again, opened, opened, once]) expect((await readAll(source)).rows).toHaveLength(1)
    expect((await readAll(once)).error).toBe('source_consumed')
  })

  it('should stop the stream when the reader stops', async () => {
    let closed = false
    async function* stream() {
      try {
        for (;;) yield 'phone\n+12025550100\n+12025550101\n'
      } finally {
        closed = true
      }
    }
    for await (const _ of readContacts(csv(stream()))) break
    expect(closed).toBe(true)
    const cancel = vi.fn()
    const web = new ReadableStream({ pull: (to) => to.enqueue(bytes(text)), cancel })
    for await (const _ of readContacts(csv(web))) break
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('should pass on the error of the stream', async () => {
    async function* broken() {
      yield `${text}+12025550101\n`
      throw Object.assign(new Error('reset'), { code: 'ECONNRESET' })
    }
    const { rows, error } = await readAll(csv(broken()))
    expect([rows.length, error]).toEqual([1, 'ECONNRESET'])
  })

  it.each([
    ['a workbook', 'PK\x03\x04'],
    ['a PDF document', '%PDF-1.7'],
  ])('should refuse %s', async (_, start) => {
    expect(await failure(() => readAllOrThrow(bytes(`${start} ...`)))).toMatchObject({ code: 'file_not_text' })
  })

  it('should refuse what is no source', async () => {
    for (const wrong of [undefined, null, 7, [1], {}]) {
      expect(await failure(() => readAllOrThrow(wrong as never))).toMatchObject({ code: 'invalid_options' })
    }
    expect(await failure(() => readAllOrThrow(streamOf([7]) as never))).toMatchObject({ code: 'invalid_options' })
  })
})

// Helpers

async function readAllOrThrow(
  input: Parameters<typeof csv>[0],
  options: Parameters<typeof csv>[1] = {},
): Promise<void> {
  for await (const _ of readContacts(csv(input, options)).batches());
}
