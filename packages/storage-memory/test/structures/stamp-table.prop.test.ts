import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StampTable } from '../../src/stamp-table.js'

const WINDOW = 1000
/** A start is granted at most so far ahead, so a stamp may lie so far after the time at which it was made. */
const AHEAD = 50

describe('StampTable', () => {
  const command = fc.record({
    after: fc.constantFrom(0, 1, 300, 999, 1000, 1001, 1999, 2000, 2001, 4001),
    key: fc.constantFrom('a', 'b'),
    ahead: fc.constantFrom(0, AHEAD),
    add: fc.boolean(),
  })

  it('should keep every stamp as long as it lies within the window', () => {
    fc.assert(
      fc.property(fc.array(command), (commands) => {
        const table = new StampTable()
        const model = new Map<string, number[]>()
        let now = 1_000_000
        for (const { after, key, ahead, add } of commands) {
          now += after
          const stamps = table.stamps(key, now, WINDOW)
          const within = (model.get(key) ?? []).filter((stamp) => stamp > now - WINDOW)
          expect(stamps.filter((stamp) => stamp > now - WINDOW)).toEqual(within)
          if (!add) continue
          stamps.push(now + ahead)
          model.set(key, [...within, now + ahead])
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('should forget keys that nobody uses any more', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(400, 900, 1100), { maxLength: 30, size: 'max' }), (gaps) => {
        const table = new StampTable()
        table.stamps('old', 0, WINDOW).push(0)
        let now = 0
        for (const gap of gaps) {
          now += gap
          table.stamps('new', now, WINDOW).push(now)
        }

        // Asked with no window, the table only looks.
        if (now > WINDOW * 6) expect(table.stamps('old', now, 0)).toEqual([])
      }),
    )
  })
})
