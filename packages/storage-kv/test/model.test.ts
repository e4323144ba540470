import fc from 'fast-check'
import { describe, it } from 'vitest'
import { firstLimits } from '../../storage-memory/test/model/commands/limits.js'
import { beginnings, commands } from '../../storage-memory/test/model/drawn.js'
import { finish } from '../../storage-memory/test/model/finish.js'
import { Real } from '../../storage-memory/test/model/real.js'
import { newWorld } from '../../storage-memory/test/model/world.js'
import { manualClock } from '../../storage-memory/test/support/manual-clock.js'
import { kvStorage, memoryKv } from '../src/index.js'

const numRuns = Number(process.env.MODEL_RUNS ?? 30)

describe.each([false, true])('kvStorage over memoryKv, async: %s', (async) => {
  it('should do what the model does, whatever the commands', { timeout: 0 }, async () => {
    await fc.assert(
      fc.asyncProperty(beginnings, commands, async (beginning, then) => {
        const clock = manualClock()
        const storage = kvStorage(memoryKv({ async }))
        let seed = 1
        const next = (): number => {
          seed = (seed * 48_271) % 2_147_483_647
          return seed / 2_147_483_647
        }
        await storage.open({ clock, random: { next } })
        const real = new Real(storage, clock)
        const world = newWorld(real.clock.now())
        await firstLimits(world, real)
        for (const command of beginning) await command.run(world, real)
        await fc.asyncModelRun(async () => ({ model: world, real }), then)
        await finish(world, real)
        await real.close()
      }),
      { numRuns },
    )
  })
})
