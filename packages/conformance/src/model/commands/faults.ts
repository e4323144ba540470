import fc from 'fast-check'
import { must } from '../admission.js'
import { same } from '../equal.js'
import { observe } from '../observe.js'
import type { Real } from '../real.js'
import type { World } from '../world.js'
import { Command, type Drawn } from './command.js'

/** A reply was lost, and the request comes again after others were served: it is answered as it was, and changes nothing. */
class Resend extends Command<string> {
  async perform(world: World, real: Real): Promise<void> {
    const last = real.channels.get(real.channel(this.plan))?.last
    if (!last) return
    const before = await observe(world, real.storage)
    const reply = await real.storage.exchange(last.request)
    must(
      same(reply, last.reply),
      `G10: sent again, it was answered\n  ${JSON.stringify(reply)}\n  and not\n  ${JSON.stringify(last.reply)}`,
    )
    must(same(await observe(world, real.storage), before), 'G10: sent again, it changed something more')
  }
}

/** A request arrives that was overtaken by the next of its channel, or one before which another is missing. */
class Late extends Command<{ channel: string; gap: boolean }> {
  async perform(world: World, real: Real): Promise<void> {
    const talk = real.channels.get(real.channel(this.plan.channel))
    if (!talk?.last || talk.seq < 2) return
    const request = { ...talk.last.request, seq: this.plan.gap ? talk.seq + 2 : talk.seq - 1 }
    await real.refused(world, ['sequence_broken'], () => real.storage.exchange(request))
  }
}

/** A worker dies: nothing it held is given back, and its channel falls silent. */
class Crash extends Command<string> {
  async perform(_: World, real: Real): Promise<void> {
    real.replace(this.plan)
  }
}

const channel = fc.constantFrom('a', 'b')
export const resendings: Drawn = channel.map((drawn) => new Resend(drawn))
export const lateArrivals: Drawn = fc.record({ channel, gap: fc.boolean() }).map((drawn) => new Late(drawn))
export const crashes: Drawn = channel.map((drawn) => new Crash(drawn))
