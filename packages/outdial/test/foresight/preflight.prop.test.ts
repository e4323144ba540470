import fc from 'fast-check'
import { expect, it } from 'vitest'
import { planArbitrary } from './support/plan.js'
import { Scene } from './support/scene.js'

/** What is due at an instant is begun within this time. */
const SOON = 5_000

it('counts what a run then does with each contact at its first turn', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(planArbitrary, async (plan) => {
      const scene = await Scene.open(plan, { answered: 1 })
      const before = await scene.job.snapshot()
      const told = await scene.job.preflight({ examples: 100 })
      expect(await scene.job.snapshot()).toEqual(before)
      const { dial, deferred, skipped, stuck, looked, total } = told.contacts
      expect({ total, looked, sum: dial + deferred + skipped + stuck }).toEqual({
        total: plan.contacts.length,
        looked: plan.contacts.length,
        sum: plan.contacts.length,
      })
      expect(told.complete).toBe(true)

      await scene.job.start()
      await scene.run(14)

      const first = [...scene.fenced.values()].map(([at = 0]) => at)
      const early = first.filter((at) => at <= told.from + SOON)
      expect(early).toHaveLength(dial)
      expect(first).toHaveLength(dial + deferred)
      expect(told.openings.reduce((sum, { contacts }) => sum + contacts, 0)).toBe(deferred)
      for (const { becomes, contacts, examples, ends } of told.reasons) {
        expect(examples).toHaveLength(contacts)
        for (const { index, at } of examples) {
          const { state, reason } = await scene.job.task(index)
          const [fenced] = scene.fenced.get(index) ?? []
          if (becomes === 'skipped') expect({ fenced, state, reason }).toEqual({ fenced: undefined, ...ends })
          // Who shares a cap with others may be overtaken by them.
          if (becomes === 'deferred' && plan.caps.externalId === undefined) {
            expect(fenced).toBeGreaterThanOrEqual(at as number)
            expect(fenced).toBeLessThanOrEqual((at as number) + SOON)
          }
        }
      }
      await scene.close()
    }),
    { numRuns: 12 },
  )
})
