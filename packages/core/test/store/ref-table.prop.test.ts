import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RefTable } from '../../src/store/ref-table.js'

interface Entry {
  ref: string
  id: number
}

const ref = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const step = fc.record({ set: fc.boolean(), ref })

it('is a map from refs to what was set last, whatever has come and gone', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const table = new RefTable<Entry>()
      const model = new Map<string, Entry>()
      for (const [id, { set, ref }] of steps.entries()) {
        if (set) {
          table.set({ ref, id })
          model.set(ref, { ref, id })
        } else {
          table.delete(ref)
          model.delete(ref)
        }
        expect(table.size).toBe(model.size)
        expect([...table.refs()]).toEqual([...model.keys()])
        expect([...table.values()]).toEqual([...model.values()])
        for (const known of 'abcde') expect(table.get(known)).toEqual(model.get(known))
      }
    }),
  )
})
