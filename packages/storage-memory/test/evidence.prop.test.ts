import type { Report } from '@outdial/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filledJob, openStore } from './support/store.js'
import { Worker } from './support/worker.js'

const evidence = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.constant('doubt' as const) },
)

describe('what is reported of a call', () => {
  it('should be applied if its rank is higher, or equal while the call is unknown, and never lower', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(evidence, { maxLength: 15, size: 'max' }), fc.boolean(), async (drawn, together) => {
        const { storage } = await openStore()
        const worker = new Worker(storage, 'w')
        await filledJob(storage, { id: 'a' }, 1)
        const [ref] = (await worker.dial(1)) as [string]
        let rank = 0
        let unknown = false
        const expected = drawn.map((told) => {
          const applied = told === 'doubt' ? !unknown : unknown ? told >= rank : told > rank
          if (applied) unknown = told === 'doubt'
          if (applied && told !== 'doubt') rank = told
          return applied ? 'applied' : 'stale'
        })
        const reports = drawn.map<Report>((told) =>
          told === 'doubt'
            ? { kind: 'doubt', ref, checkAt: 0 }
            : { kind: 'progress', ref, rank: told, state: `state ${told}` },
        )
        const answers: string[] = []
        if (together) answers.push(...(await worker.report(...reports)).reports)
        else for (const report of reports) answers.push(...(await worker.report(report)).reports)

        expect(answers).toEqual(expected)
        expect((await storage.load([ref]))[0]).toMatchObject({ rank, unknown })
        expect((await storage.getJob('a'))?.counts).toMatchObject(
          unknown ? { unknown: 1, active: 0 } : { unknown: 0, active: 1 },
        )
      }),
    )
  })
})
