import fc from 'fast-check'
import { describe, it } from 'vitest'
import { firstLimits } from './commands/limits.js'
import { beginnings, commands } from './drawn.js'
import { finish } from './finish.js'
import { Real } from './real.js'
import { newWorld } from './world.js'

/** `MODEL_RUNS=5000` for a long search. */
const numRuns = Number(process.env.MODEL_RUNS ?? 100)

describe('memoryStorage', () => {
  it('should do what the model does, whatever the commands', { timeout: 0 }, async () => {
    await fc.assert(
      fc.asyncProperty(beginnings, commands, async (beginning, then) => {
        const real = await Real.open()
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
