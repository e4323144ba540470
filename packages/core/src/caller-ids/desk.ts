import type { Host } from '../engine/host.js'
import { Closures } from './closures.js'
import { CallerIdKeeper } from './keeper.js'
import { Quarantine, type QuarantineRules } from './quarantine.js'
import { RoomHints } from './room.js'

/** What a worker knows of caller ids, and what it does about them. */
export class CallerIdDesk {
  readonly hints: RoomHints = new RoomHints()
  readonly closures: Closures
  readonly keeper: CallerIdKeeper
  readonly quarantine: Quarantine

  constructor(host: Host, rules: QuarantineRules | undefined) {
    this.closures = new Closures(host)
    const { closures, hints } = this
    this.keeper = new CallerIdKeeper({ host, closures, hints })
    this.quarantine = new Quarantine({ host, closures, rules })
  }
}
