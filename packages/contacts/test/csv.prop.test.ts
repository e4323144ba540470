import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csv, SOURCE_ERRORS } from '../src/index.js'
import { FaultScanner } from '../src/text/fault-scanner.js'
import { bytes, cutAt, readAll, streamOf } from './support.js'

describe('csv', { timeout: 60_000 }, () => {
  it('should read back any table of strings that was written as CSV', async () => {
    await fc.assert(
      fc.asyncProperty(table(), dialect(), places(), async ({ header, rows }, { delimiter, newline, always }, cuts) => {
        const write = (cell: string) =>
          always || /["\r\n]|^$/.test(cell) || cell.includes(delimiter) ? quoted(cell) : cell
        const text = [header, ...rows].map((cells) => cells.map(write).join(delimiter) + newline).join('')
        const read: unknown[] = []
        const source = csv(streamOf(cutAt(bytes(text), cuts)), { delimiter })
        for await (const batch of source.rows()) read.push(...batch.map((row) => [row.problems, { ...row.fields }]))
        const expected = rows.map((cells) => [undefined, Object.fromEntries(header.map((name, i) => [name, cells[i]]))])
        expect(read).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  it('should tell the line on which every row begins', async () => {
    await fc.assert(
      fc.asyncProperty(table(), dialect(), fc.infiniteStream(fc.nat(3)), places(), async (t, d, blanks, cuts) => {
        let text = ''
        let line = 1
        const lines: number[] = []
        for (const cells of [t.header, ...t.rows]) {
          const gap = blanks.next().value
          text += d.newline.repeat(gap)
          line += gap
          lines.push(line)
          const row = cells.map(quoted).join(',') + d.newline
          text += row
          line += row.match(/\n/g)!.length
        }
        const read: unknown[] = []
        for await (const batch of csv(streamOf(cutAt(bytes(text), cuts))).rows())
          read.push(...batch.map((row) => row.line))
        expect(read).toEqual(lines.slice(1))
      }),
      { numRuns: 300 },
    )
  })

  it('should give the same rows and errors wherever the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(mess(), limits(), places(), async (text, limit, cuts) => {
        const whole = await readAll(csv(text, { limits: limit }))
        const cut = await readAll(csv(streamOf(cutAt(text, cuts)), { limits: limit }))
        const single = await readAll(csv(streamOf([...text].map((byte) => Uint8Array.of(byte))), { limits: limit }))
        expect(cut).toEqual(whole)
        expect(single).toEqual(whole)
      }),
      { numRuns: 1_000 },
    )
  })

  it('should give the same rows for text, UTF-8 and UTF-16, with byte order mark and without', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), places(), async (name, cuts) => {
        const text = `phone,name\n+12025550100,${quoted(name)}\n`
        const expected = await readAll(csv(text))
        for (const encoded of [
          bytes(text),
          bytes(`\ufeff${text}`),
          utf16(text, true),
          utf16(`\ufeff${text}`, true),
          utf16(text, false),
          utf16(`\ufeff${text}`, false),
        ]) {
          expect(await readAll(csv(streamOf(cutAt(encoded, cuts))))).toEqual(expected)
        }
        expect(await readAll(csv(streamOf(text)))).toEqual(expected)
      }),
    )
  })

  it('should never fail but with a documented code, and report every row once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(mess(), async (text) => {
        const { rows, error } = await readAll(csv(text))
        if (error !== undefined) expect(Object.keys(SOURCE_ERRORS)).toContain(error)
        expect(rows.map(({ row }) => row)).toEqual(rows.map((_, i) => i + 1))
      }),
      { numRuns: 500 },
    )
  })
})

describe('FaultScanner', { timeout: 60_000 }, () => {
  it('should find bytes that are not UTF-8 exactly where a decoder does', () => {
    fc.assert(
      fc.property(nearlyText(), places(), (text, cuts) => {
        const scanner = new FaultScanner()
        for (const chunk of cutAt(text, cuts)) scanner.scan(chunk)
        scanner.end()
        const faults = scanner.take(Number.POSITIVE_INFINITY)
        // What is left when the faults are cut out is text, and every fault alone is not.
        let at = 0
        for (const { kind, start, end } of faults) {
          expect(isText(text.subarray(at, start))).toBe(true)
          expect(
            kind === 'nul_byte' ? text.subarray(start, end).every((b) => b === 0) : !isText(text.subarray(start, end)),
          ).toBe(true)
          at = end
        }
        expect(isText(text.subarray(at))).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

// Helpers

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`

/** Cells rich in what CSV stumbles over. */
const cell = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '\n', '\r', ' ', 'a', 'é', '€', '𝄞', '\ufeff', '\ufffd') }),
    fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
  )

/** At least two columns: what a line of one blank cell is, nobody can know. */
const table = (): fc.Arbitrary<{ header: string[]; rows: string[][] }> =>
  fc.integer({ min: 2, max: 6 }).chain((width) =>
    fc.record({
      header: fc.uniqueArray(
        cell().map((name) => `c${name}`.trim()),
        { minLength: width, maxLength: width },
      ),
      rows: fc.array(fc.array(cell(), { minLength: width, maxLength: width }), { maxLength: 8 }),
    }),
  )

const dialect = (): fc.Arbitrary<{ delimiter: string; newline: string; always: boolean }> =>
  fc.record({
    delimiter: fc.constantFrom(',', ';', '\t'),
    newline: fc.constantFrom('\n', '\r\n'),
    always: fc.boolean(),
  })

const places = (): fc.Arbitrary<number[]> => fc.array(fc.nat(300), { maxLength: 12 })

const limits = () =>
  fc.record(
    {
      rowBytes: fc.integer({ min: 1, max: 60 }),
      fieldLength: fc.integer({ min: 1, max: 20 }),
      rows: fc.integer({ min: 1, max: 4 }),
      columns: fc.integer({ min: 1, max: 4 }),
      bytes: fc.integer({ min: 1, max: 120 }),
    },
    { requiredKeys: [] },
  )

/** Something like a CSV file, mostly with a header, and mostly damaged. */
const mess = (): fc.Arbitrary<Uint8Array> => {
  const scrap = fc.constantFrom(
    ...[
      '"',
      '""',
      ',',
      ';',
      '\n',
      '\r\n',
      '\r',
      ' ',
      'a',
      'é',
      '\0',
      '+12025550100',
      '+12025550101',
      '1.5E+10',
      ',x\n',
    ],
  )
  const part = fc.oneof({ weight: 8, arbitrary: scrap.map(bytes) }, fc.uint8Array({ maxLength: 4 }))
  const start = fc.constantFrom('phone,name\n', 'phone\n', 'phone\r', '\n\n phone;name\r\n', '"phone"\tb\n', '')
  return fc.tuple(start, fc.array(part, { maxLength: 30 })).map(([header, parts]) => {
    return Uint8Array.from([...bytes(header), ...parts.flatMap((piece) => [...piece])])
  })
}

/** The bytes at which the rules of UTF-8 change: overlong forms, surrogates, the last code point. */
const EDGES = [0x00, 0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5]

const nearlyText = (): fc.Arbitrary<Uint8Array> =>
  fc
    .array(
      fc.oneof(
        fc.string({ unit: 'binary' }).map(bytes),
        fc.uint8Array({ maxLength: 3 }),
        fc.array(fc.constantFrom(...EDGES), { maxLength: 6 }).map((edges) => Uint8Array.from(edges)),
      ),
      { maxLength: 8 },
    )
    .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])))

function isText(text: Uint8Array): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(text).includes('\0')
  } catch {
    return false
  }
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2))
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), littleEndian)
  return new Uint8Array(view.buffer)
}
