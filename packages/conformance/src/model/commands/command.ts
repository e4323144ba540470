import type { Arbitrary, AsyncCommand } from 'fast-check'
import type { Real } from '../real.js'
import type { World } from '../world.js'

/** A command that was drawn: it says itself what it does, and everything is checked after it. */
export abstract class Command<Plan> implements AsyncCommand<World, Real> {
  readonly plan: Plan
  constructor(plan: Plan) {
    this.plan = plan
  }

  check(_: Readonly<World>): boolean {
    return true
  }

  abstract perform(world: World, real: Real): Promise<void>

  async run(world: World, real: Real): Promise<void> {
    world.now = real.session.clock.now()
    await this.perform(world, real)
    await real.settled(world)
  }

  toString(): string {
    return `${this.constructor.name}(${JSON.stringify(this.plan)})`
  }
}

/** Commands, as they are drawn. */
export type Drawn = Arbitrary<Command<unknown>>
