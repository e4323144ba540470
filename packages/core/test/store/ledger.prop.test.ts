import fc from 'fast-check'
import { expect, it } from 'vitest'
import { acknowledgeLedger, leaseLedger } from '../../src/store/ledger.js'
import type { LedgerBook } from '../../src/store/records.js'

const command = fc.oneof(
  fc.record({ do: fc.constant('add' as const), n: fc.nat(5) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(30) }),
  fc.record({
    do: fc.constant('take' as const),
    max: fc.integer({ min: 1, max: 4 }),
    leaseMs: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ do: fc.constant('acknowledge' as const), page: fc.nat() }),
)

it('should hand out every entry until it is acknowledged, to one at a time, the oldest first', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60, size: 'max' }), (commands) => {
      const book: LedgerBook = { handed: 0, pages: [] }
      const entries: { page?: string; until: number; done: boolean }[] = []
      const pages: string[] = []
      let now = 0
      const take = (max: number, leaseMs: number): number => {
        const free = [...entries.keys()].filter((i) => !entries[i]?.done && (entries[i]?.until ?? 0) <= now)
        const lease = leaseLedger(book, entries.length, now, `p${pages.length}`, { max, leaseMs })
        if (!lease) {
          expect(free).toEqual([])
          return 0
        }
        pages.push(lease.page)
        const n = lease.last - lease.first + 1
        expect(n).toBeLessThanOrEqual(max)
        // In a row, and none of those that are free is older.
        expect(Array.from({ length: n }, (_, i) => lease.first - 1 + i)).toEqual(free.slice(0, n))
        for (let i = lease.first - 1; i < lease.last; i++) {
          entries[i] = { page: lease.page, until: now + leaseMs, done: false }
        }
        return n
      }
      for (const command of commands) {
        if (command.do === 'add') for (let i = 0; i < command.n; i++) entries.push({ until: 0, done: false })
        if (command.do === 'wait') now += command.ms
        if (command.do === 'take') take(command.max, command.leaseMs)
        if (command.do !== 'acknowledge') continue
        const page = pages[command.page % Math.max(1, pages.length)] ?? 'none'
        const mine = [...entries.keys()].filter((i) => !entries[i]?.done && entries[i]?.page === page)
        const lease = acknowledgeLedger(book, page)
        expect(
          lease ? Array.from({ length: lease.last - lease.first + 1 }, (_, i) => lease.first - 1 + i) : [],
        ).toEqual(mine)
        for (const i of mine) entries[i] = { page, until: 0, done: true }
      }
      now += 1000
      while (take(2, 1e9) > 0) acknowledgeLedger(book, pages.at(-1) ?? '')
      expect(book).toEqual({ handed: entries.length, pages: [] })
    }),
  )
})
