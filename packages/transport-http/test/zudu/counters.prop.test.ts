import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { zudu } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { batch, tasks } from './bodies.js'

const MINUTE = 60_000
/** How often each person's phone was picked up, told by the carrier. */
const people = (world: World, kind: string) =>
  new Set([...world.carrier.ledger].filter((entry) => entry.kind === kind).map(({ to }) => to)).size

it('counts people, never more at a later step than at an earlier one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.nat({ max: 3 }),
      fc.array(fc.integer({ min: 1000, max: 20 * MINUTE }), { minLength: 1, maxLength: 5 }),
      async (seed, max_retries, waits) => {
        const outcomes = { answered: 3, no_answer: 3, busy: 2, voicemail: 1, invalid_number: 1, network_error: 1 }
        const world = await World.open({ dialects: [zudu()], carrier: { seed, outcomes } })
        const acme = new Client(world, 'zudu')
        const made = await acme.post('/batch-call', batch(0, { tasks: tasks(12, { max_retries }) }))
        const path = `/batch-call/${made.body.data.batch_call_id}`
        let before = made.body.data
        for (const wait of [...waits, 24 * 60 * MINUTE]) {
          await world.advance(wait)
          const { data } = (await acme.get(path)).body
          expect(data.completed).toBeLessThanOrEqual(data.picked_up)
          expect(data.picked_up).toBeLessThanOrEqual(data.sent)
          expect(data.sent).toBeLessThanOrEqual(data.total)
          expect(data.completed).toBeGreaterThanOrEqual(before.completed)
          before = data
        }
        expect(before).toMatchObject({ status: 'completed', total: 12 })
        expect(before.sent).toBe(people(world, 'placed'))
        expect(before.picked_up).toBe(people(world, 'answered'))
        await world.close()
      },
    ),
    { numRuns: 12 },
  )
})
