import fc from 'fast-check'
import type { Command } from '../model/commands/command.js'
import { firstLimits } from '../model/commands/limits.js'
import { beginnings, commands, crowds, withRestarts, withRollbacks } from '../model/drawn.js'
import { finish } from '../model/finish.js'
import { Real } from '../model/real.js'
import { rush, rushes } from '../model/rush.js'
import { newWorld, type World } from '../model/world.js'
import type { ModelOptions } from '../options.js'
import { Session } from '../session.js'
import type { RuleTests } from './rule-test.js'

const RUNS = 100

function settings({ runs = RUNS, seed = 1, path, shrink = true }: ModelOptions): fc.Parameters<unknown> {
  return { numRuns: runs, seed, endOnFailure: !shrink, ...(path !== undefined && { path }) }
}

/** Runs a story on a fresh store, and has every job of it come to its end. */
async function onFreshStore(
  { harness }: Session,
  clients: number,
  story: (world: World, real: Real) => Promise<void>,
): Promise<void> {
  const session = await Session.open(harness)
  try {
    const real = await Real.open(session, clients)
    const world = newWorld(session.clock.now())
    await firstLimits(world, real)
    await story(world, real)
    real.actor = undefined
    await finish(world, real)
    await real.close()
  } finally {
    await session.close()
  }
}

async function run(world: World, real: Real, all: readonly Command<unknown>[]): Promise<void> {
  for (const command of all) if (command.check(world)) await command.run(world, real)
}

export const whatever: RuleTests = {
  'S-210': async (store, options) => {
    const property = fc.asyncProperty(beginnings, commands, async (beginning, then) =>
      onFreshStore(store, 1, async (world, real) => run(world, real, [...beginning, ...then])),
    )
    await fc.assert(property, settings(options))
  },

  'S-211': async (store, options) => {
    const property = fc.asyncProperty(beginnings, crowds, fc.scheduler(), async (beginning, clients, scheduler) =>
      onFreshStore(store, clients.length, async (world, real) => {
        await run(world, real, beginning)
        // One turn at a time: who comes next is the scheduler's choice, and what a turn does is judged as one step.
        let turns: Promise<void> = Promise.resolve()
        const turn = (actor: number, command: Command<unknown>): Promise<void> => {
          turns = turns.then(async () => {
            real.actor = actor
            await run(world, real, [command])
          })
          return turns
        }
        const scripts = clients.map(async (script, actor) => {
          for (const command of script) {
            await scheduler.schedule(Promise.resolve(), `client ${actor}`)
            await turn(actor, command)
          }
        })
        await scheduler.waitFor(Promise.all(scripts))
      }),
    )
    await fc.assert(property, settings(options))
  },

  'S-212': async (store, options) => {
    const property = fc.asyncProperty(rushes, fc.scheduler(), async (plan, scheduler) => {
      const session = await Session.open(store.harness)
      try {
        await rush(session, plan, scheduler)
      } finally {
        await session.close()
      }
    })
    await fc.assert(property, settings(options))
  },

  'S-213': async (store, options) => {
    const property = fc.asyncProperty(beginnings, withRestarts, async (beginning, then) =>
      onFreshStore(store, 2, async (world, real) => run(world, real, [...beginning, ...then])),
    )
    await fc.assert(property, settings(options))
  },

  'S-214': async (store, options) => {
    // A store that is durable, and whose harness cannot have it come back older, has this proven by the restarts alone.
    if (!store.revertible) return
    const property = fc.asyncProperty(beginnings, withRollbacks, async (beginning, then) =>
      onFreshStore(store, 2, async (world, real) => run(world, real, [...beginning, ...then])),
    )
    await fc.assert(property, settings(options))
  },
}
