import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryAccounts } from '../../src/accounts/memory-accounts.js'

const step = fc.record({
  method: fc.constantFrom('reserve' as const, 'commit' as const, 'release' as const),
  reference: fc.constantFrom('a', 'b', 'c'),
  amount: fc.nat(100),
})

describe('memoryAccounts', () => {
  it('should lose and make no money, and do each thing once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(200), fc.array(step), async (start, steps) => {
        const accounts = memoryAccounts({ acme: start })
        let spent = 0
        const open = new Map<string, number>()
        const ended = new Set<string>()
        for (const { method, reference, amount } of steps) {
          if (method === 'reserve') {
            const before = await accounts.balance('acme')
            const answer = await accounts.reserve('acme', reference, amount)
            expect(await accounts.reserve('acme', reference, amount)).toBe(answer)
            if (!ended.has(reference) && !open.has(reference)) {
              if (answer === 'reserved') open.set(reference, amount)
              else {
                expect(amount).toBeGreaterThan(before?.available ?? 0)
                ended.add(reference)
              }
            }
            continue
          }
          for (let twice = 0; twice < 2; twice++) {
            if (method === 'commit') await accounts.commit('acme', reference, amount)
            else await accounts.release('acme', reference)
          }
          if (open.delete(reference)) {
            ended.add(reference)
            if (method === 'commit') spent += amount
          }
          const balance = await accounts.balance('acme')
          const reserved = [...open.values()].reduce((sum, n) => sum + n, 0)
          expect(balance).toEqual({ available: start - spent - reserved, reserved })
        }
      }),
    )
  })

  it('should know no other account', async () => {
    const accounts = memoryAccounts({ acme: 100 })
    expect(await accounts.balance('globex')).toBeUndefined()
    expect(await accounts.reserve('globex', 'a', 1)).toBe('insufficient')
  })
})
