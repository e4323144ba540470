import { afterAll, describe, expect, it } from 'vitest'
import { runSeed } from '../../outdial/test/engine/support/run-seed.js'
import { heldStore } from './support/held-store.js'
import { redisServer } from './support/redis-server.js'

/** `OUTDIAL_REDIS_SEEDS=100` runs so many; `OUTDIAL_FIRST` says from which on. */
const { OUTDIAL_REDIS_SEEDS = '2', OUTDIAL_FIRST = '3001' } = process.env
const seeds = Array.from({ length: Number(OUTDIAL_REDIS_SEEDS) }, (_, i) => Number(OUTDIAL_FIRST) + i)

const server = await redisServer()
const client = server.client()
afterAll(() => client.disconnect())

// The same as over the other stores: caps, cool-downs, caller ids, budgets, hours, lists and limits, which change while workers
// crash, judged by the carrier's ledger.
describe('whole-engine runs from seeds over Redis', () => {
  it.each(seeds)('seed %i keeps every guarantee after every step', { timeout: 600_000 }, async (seed) => {
    const { violations } = await runSeed(seed, (clock) => heldStore(client, clock, `seed-${seed}`))
    expect(violations).toEqual([])
  })
})
