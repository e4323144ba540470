import { describe, expect, it } from 'vitest'
import { kvStorage, memoryKv } from '../../../storage-kv/src/index.js'
import { runSeed } from './support/run-seed.js'

/** `OUTDIAL_KV_SEEDS=200` runs so many; `OUTDIAL_FIRST` says from which on. */
const { OUTDIAL_KV_SEEDS = '4', OUTDIAL_FIRST = '2000' } = process.env
const seeds = Array.from({ length: Number(OUTDIAL_KV_SEEDS) }, (_, i) => Number(OUTDIAL_FIRST) + i)

describe.each([false, true])('whole-engine runs from seeds over kvStorage, with promises: %s', (async) => {
  it.each(seeds)('seed %i keeps every guarantee after every step', { timeout: 120_000 }, async (seed) => {
    const { violations } = await runSeed(seed, () => kvStorage(memoryKv({ async }), { events: 1_000_000 }))
    expect(violations).toEqual([])
  })
})
