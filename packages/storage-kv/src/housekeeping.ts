import { decode } from './codec.js'
import type { ReplyRow } from './intents.js'
import * as layout from './layout.js'
import type { Steps } from './steps.js'
import type { Unit } from './unit.js'

const EVERY = 60_000
/** A channel that has said nothing for so long is not coming back: its engine would have a new one. */
const CHANNEL_IDLE = 26 * 3_600_000
/** Entries looked at, or removed, in one step, so that other steps get their turn in between. */
const AT_ONCE = 200

/**
 * Removes what nothing needs any more, a little at a time and between the steps of others: stamps of caps whose windows
 * are over, members of lists whose ends have passed, replies to channels that are gone, and what removed jobs and cleared lists have left behind. What it does not
 * get to, after a crash, it does the next time.
 */
export class Housekeeping {
  readonly #steps: Steps
  #next = Number.NEGATIVE_INFINITY
  #stopped = false

  constructor(steps: Steps) {
    this.#steps = steps
  }

  /** Called every now and then; does something about once a minute. */
  remind(): void {
    const now = this.#steps.now()
    if (now < this.#next) return
    this.#next = now + EVERY
    // What fails is done the next time.
    this.#keep().catch(() => {})
  }

  stop(): void {
    this.#stopped = true
  }

  /** Removes everything that waits for it. */
  async emptyTrash(): Promise<void> {
    await this.#repeat(removeSome)
  }

  async #keep(): Promise<void> {
    await this.#repeat((unit) => unit.sweepStamps(AT_ONCE) === AT_ONCE)
    await this.#repeat((unit) => unit.sweepLists(AT_ONCE) === AT_ONCE)
    await this.#steps.run(removeIdleChannels)
    await this.emptyTrash()
  }

  /** Runs steps until one has nothing left to do. */
  async #repeat(step: (unit: Unit) => boolean): Promise<void> {
    while (!this.#stopped && (await this.#steps.run(step))) {}
  }
}

function removeIdleChannels(unit: Unit): void {
  for (const [key, text] of unit.reads.range({ ...layout.under(layout.REPLIES), limit: AT_ONCE })) {
    if (decode<ReplyRow>(text).at < unit.now - CHANNEL_IDLE) unit.put(key, undefined)
  }
}

/** Removes a part of the first range that is to go; false when there is none. */
function removeSome(unit: Unit): boolean {
  const [first] = unit.reads.range({ ...layout.under(layout.TRASH), limit: 1 })
  if (!first) return false
  const entries = unit.reads.range({ ...layout.under(decode<string>(first[1])), limit: AT_ONCE })
  for (const [key] of entries) unit.put(key, undefined)
  if (entries.length < AT_ONCE) unit.put(first[0], undefined)
  return true
}
