import fc from 'fast-check'
import { expect, it } from 'vitest'
import { KEY, KeyTable } from '../src/intake/key-table.js'

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 18 })
/** Numbers close to each other, with zeros before them and without, and of every length. */
const anyKey = fc.oneof(digits, fc.constantFrom('0', '00', '1', '01', '999999999', '0999999999', '1999999999', '10'))

/** What a page says, as the scripts read it. */
function entries(page: Buffer): [high: number, low: number, index: number][] {
  const size = page.length / 12
  return Array.from({ length: size }, (_, i) => [
    page.readUInt32BE(i * KEY),
    page.readUInt32BE(i * KEY + 4),
    page.readUInt32BE(size * KEY + i * 4),
  ])
}

it('should know which task has a key, as a map does, and be made again from what it packed', () => {
  fc.assert(
    fc.property(fc.array(fc.option(anyKey), { maxLength: 1200 }), (keys) => {
      const table = new KeyTable()
      const known = new Map<string, number>()
      const packed = Buffer.alloc(keys.length * KEY)
      let index = 0
      for (const key of keys) {
        if (key === null) {
          index++
          continue
        }
        const of = known.get(key)
        expect(table.add(key, index, packed, index)).toBe(of)
        if (of === undefined) known.set(key, index++)
      }
      const again = KeyTable.of(packed, index)
      const room = Buffer.alloc(KEY)
      for (const [key, of] of known) expect(again.add(key, 0, room, 0)).toBe(of)
      const pages = table.pages()
      const told = pages.flatMap((page, number) =>
        entries(page).map(([high, low, of]) => {
          expect(low % pages.length).toBe(number)
          return [of, `${high}.${low}`] as const
        }),
      )
      const packedAt = (of: number) => `${packed.readUInt32BE(of * KEY)}.${packed.readUInt32BE(of * KEY + 4)}`
      expect(told.sort(([a], [b]) => a - b)).toEqual([...known.values()].map((of) => [of, packedAt(of)]))
    }),
  )
})
