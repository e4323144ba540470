import fc from 'fast-check'
import type { Real } from '../real.js'
import type { World } from '../world.js'
import { Command, type Drawn } from './command.js'

/** The store crashes and comes back with everything it has answered for. */
class Restart extends Command<null> {
  async perform(_: World, real: Real): Promise<void> {
    await real.session.restart()
    await real.reconnect()
  }
}

/** The state of now is remembered: the last backup, or as far as a replica has got. */
class Mark extends Command<null> {
  async perform(world: World, real: Real): Promise<void> {
    await real.session.mark()
    real.marked = { world: structuredClone(world), channels: new Set(real.channels.keys()) }
  }
}

/** The store comes back as it was, and so does the model. Channels that are ahead are refused, and workers begin anew. */
class Rollback extends Command<null> {
  async perform(world: World, real: Real): Promise<void> {
    const { marked } = real
    if (!marked) return
    const { refs, made, now } = world
    const talks = [...real.channels]
    await real.session.rollback()
    await real.reconnect()
    real.startOver()
    // Refs are not used again: those that the lost time gave away are out there, on calls that nobody knows.
    Object.assign(world, structuredClone(marked.world), { now, made, refs })
    for (const [channel, { last }] of talks) {
      if (!last || !marked.channels.has(channel)) continue
      const next = { ...last.request, seq: last.request.seq + 2 }
      await real.refused(world, ['sequence_broken'], () => real.storage.exchange(next))
    }
  }
}

export const restarts: Drawn = fc.constant(null).map((drawn) => new Restart(drawn))
export const marks: Drawn = fc.constant(null).map((drawn) => new Mark(drawn))
export const rollbacks: Drawn = fc.constant(null).map((drawn) => new Rollback(drawn))
