import fc from 'fast-check'
import type { Coming } from 'outdial'
import { expect, it } from 'vitest'
import { HOUR } from '../engine/support/bench.js'
import { planArbitrary } from './support/plan.js'
import { Scene } from './support/scene.js'

const SOON = 5_000

it('says of each contact, at any moment, what the engine then does', { timeout: 300_000 }, async () => {
  // Contacts that share a cap overtake each other: what one waits for is then the others' doing.
  const alone = planArbitrary.map((plan) => ({ ...plan, caps: plan.caps.phone ? { phone: plan.caps.phone } : {} }))
  const moments = fc.array(fc.integer({ min: 0, max: 72 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(alone, moments, async (plan, hours) => {
      const scene = await Scene.open(plan, { answered: 1, no_answer: 2, busy: 1 })
      const said: { index: number; at: number; next: Coming }[] = []
      const ask = async (which: 'next' | 'allowed') => {
        for (const index of plan.contacts.keys()) {
          const told = await scene.job.explain(index)
          const { standing, attempts } = told
          expect(attempts.length).toBe(scene.fenced.get(index)?.length ?? 0)
          for (const { decision } of attempts) expect(decision?.rules).toMatchObject({ expiry: 'pass' })
          expect(told.detail).not.toBe('')
          if (standing.status === 'waiting') said.push({ index, at: scene.now, next: standing[which] })
        }
      }
      await ask('allowed')
      await scene.job.start()
      for (const hour of hours.toSorted((a, b) => a - b)) {
        const at = Math.max(scene.now, scene.bench.clock.start + hour * HOUR)
        await scene.bench.clock.advanceTo(at + 60_000)
        await ask('next')
      }
      await scene.run(20)
      for (const { index, at, next } of said) {
        const { state, reason } = await scene.job.task(index)
        const later = (scene.fenced.get(index) ?? []).filter((fenced) => fenced >= at)
        if (next.status === 'dial') {
          expect(later[0]).toBeGreaterThanOrEqual(next.at)
          expect(later[0]).toBeLessThanOrEqual(next.at + SOON)
        } else if (next.status === 'ends') {
          expect({ later, state, reason }).toEqual({ later: [], ...next.ends })
        } else expect(later).toEqual([])
      }
      await scene.close()
    }),
    { numRuns: 8 },
  )
})
