import fc from 'fast-check'
import type { Real } from '../real.js'
import type { World } from '../world.js'
import { Command, type Drawn } from './command.js'

/** Time passes, and nobody does anything: whoever sleeps has to be woken by then. */
class Wait extends Command<number> {
  async perform(world: World, real: Real): Promise<void> {
    await real.session.pass(this.plan)
    world.now = real.session.clock.now()
  }
}

export const waits: Drawn = fc
  .constantFrom(1, 20, 50, 100, 100, 300, 500, 1000, 1000, 2000, 5000, 11_000, 61_000)
  .map((ms) => new Wait(ms))
