import { createHash } from 'node:crypto'
import type { Storage, VirtualClock } from 'outdial'
import { checkEnd } from './check-end.js'
import { drawPlan, type Plan } from './plan.js'
import { Script } from './script.js'
import { World } from './world.js'

export interface Outcome {
  seed: number
  violations: readonly string[]
  /** Of everything that happened: two runs of a seed give the same. */
  hash: string
  steps: number
  calls: number
  crashes: number
}

/** Runs one seed from beginning to end, over a store in memory unless another is made. */
export function runSeed(seed: number, make?: (clock: VirtualClock) => Storage): Promise<Outcome> {
  return runPlan(drawPlan(seed), make)
}

async function runPlan(plan: Plan, make: ((clock: VirtualClock) => Storage) | undefined): Promise<Outcome> {
  const world = new World(plan, make)
  const script = new Script(world)
  await script.play()
  await script.finish()
  await world.steps.settled()
  const transcript = await checkEnd(world, script)
  await world.stop(0, 0)
  world.clock.dispose()
  const hash = createHash('sha256').update(transcript.join('\n')).digest('hex')
  const { violations, steps, calls, crashes } = world
  return { seed: plan.seed, violations, hash, steps: steps.count, calls: calls.placedRefs.size, crashes }
}
