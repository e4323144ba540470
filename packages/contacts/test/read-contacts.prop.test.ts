import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberIndex } from '../src/duplicates/number-index.js'
import { csv } from '../src/index.js'
import { readAll } from './support.js'

/** Reserved numbers, few enough to repeat; and what is none. */
const phone = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 100, max: 130 }).map((n) => `+1202555${String(n).padStart(4, '0')}`) },
  fc.constantFrom('', '2025550100', '+999123', '1.5E+10', '+1 202 555 0100'),
)

describe('readContacts', { timeout: 60_000 }, () => {
  it('should have every row in the report exactly once, in order, and find duplicates as a set of strings does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(phone, fc.boolean())), async (list) => {
        const text = `phone,name\n${list.map(([number, ragged]) => (ragged ? `${number}\n` : `${number},x\n`)).join('')}`
        const { rows, error } = await readAll(csv(text))
        expect(error).toBeUndefined()
        // A row of one empty cell is a blank line: neither read nor counted.
        const read = list.filter(([number, ragged]) => !(ragged && number === ''))
        expect(rows.map((row) => row.row)).toEqual(read.map((_, i) => i + 1))
        const first = new Map<string, number>()
        const expected = read.map(([number, ragged], i) => {
          if (ragged || !number.startsWith('+1202555')) return 'rejected'
          if (first.has(number)) return `duplicate of ${first.get(number)}`
          first.set(number, i + 1)
          return 'accepted'
        })
        expect(rows.map((row) => (row.status === 'duplicate' ? `duplicate of ${row.firstRow}` : row.status))).toEqual(
          expected,
        )
      }),
      { numRuns: 300 },
    )
  })
})

describe('NumberIndex', { timeout: 60_000 }, () => {
  it('should be a map from number to the first row', () => {
    const number = fc.oneof(
      fc.bigInt({ min: 1n, max: 999_999_999_999_999n }),
      // Runs, and numbers that differ by a power of two only: what a poor hash would put into one place.
      fc.nat(5_000).map((n) => 12_025_550_000n + BigInt(n)),
      fc.integer({ min: 0, max: 49 }).map((n) => 1n << BigInt(n)),
      fc.nat(200).map((n) => BigInt(n + 1) << 32n),
    )
    fc.assert(
      fc.property(fc.array(number, { maxLength: 5_000, size: 'max' }), (numbers) => {
        const index = new NumberIndex()
        const model = new Map<string, number>()
        for (const [i, value] of numbers.entries()) {
          const e164 = `+${value}`
          expect(index.add(e164, i + 1)).toBe(model.get(e164))
          if (!model.has(e164)) model.set(e164, i + 1)
        }
        expect(index.size).toBe(model.size)
      }),
      { numRuns: 30 },
    )
  })

  it('should hold a million numbers that follow one another without slowing down', () => {
    const index = new NumberIndex()
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < 1_000_000; i++) {
        const found = index.add(`+1${2_000_000_000 + i}`, i + 1)
        if (found !== (pass === 0 ? undefined : i + 1)) throw new Error(`row ${i + 1}: ${found}`)
      }
    }
    expect(index.size).toBe(1_000_000)
  })
})
