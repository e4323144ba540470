import { DialDecider } from '../calls/dial-decider.js'
import type { Hold } from '../ports/storage-limits.js'
import type { ZoneFinder } from '../ports/zones.js'
import { type DialBlock, type Ending, lastUntil, longest } from './blocks.js'
import { type Candidate, judge } from './judge.js'
import type { StoreFacts } from './store-facts.js'
import type { Taken } from './taken.js'

/** What will become of a contact next, as far as rules, lists and limits say now. `blocks` is what says no at first. */
export type Outlook = { blocks: readonly DialBlock[] } & (
  | {
      /** It may be dialed then: at once, or when `because`, the last of what says no, has passed. */
      status: 'dial'
      at: number
      because?: DialBlock
    }
  /** Its next turn ends it, and nobody is called. */
  | { status: 'ends'; at: number; ends: Ending; because: DialBlock }
  /** Only somebody's doing helps. */
  | { status: 'stuck'; because: DialBlock }
)

/** Instants that are tried: each is the end of something, and what closes again and again takes a few. */
const TRIES = 64

/** Finds out when contacts may be dialed, by asking again at the end of whatever says no. */
export class Outlooks {
  readonly #first: DialDecider
  readonly #later: DialDecider
  readonly #taken: Taken

  constructor(taken: Taken, zones: ZoneFinder | undefined) {
    this.#taken = taken
    this.#first = new DialDecider({ zones })
    this.#later = new DialDecider({ zones })
  }

  /** What becomes of a contact that is not dialed before `from`, nor while what it `waits` for has not passed. */
  of(candidate: Candidate, from: number, facts: StoreFacts, waits: readonly DialBlock[] = []): Outlook {
    let at = Math.max(from, lastUntil(waits))
    let because = longest(waits)
    const blocks: DialBlock[] = [...waits]
    if (at === Number.POSITIVE_INFINITY) return { status: 'stuck', blocks, because: because as DialBlock }
    for (let tries = 0; tries < TRIES; tries++) {
      const { decision, parts, own, stores, choice } = judge(
        candidate,
        at,
        facts,
        this.#taken,
        tries === 0 ? this.#first : this.#later,
      )
      if (tries === 0) blocks.push(...own, ...stores)
      const ending = (decision.status === 'blocked' ? [] : [...own, ...stores]).find((block) => 'ends' in block)
      if (ending && 'ends' in ending) return { status: 'ends', at, ends: ending.ends, blocks, because: ending }
      if (own.length + stores.length === 0) {
        const { phone } = candidate.contact
        for (const holds of [parts.all, choice]) this.#taken.take(holds, (hold: Hold) => facts.usage(hold), at, phone)
        return { status: 'dial', at, blocks, ...(because && { because }) }
      }
      // The store is asked when the worker's own rules say yes: whoever is on a list ends then, whatever else says no.
      because = longest(stores.some((block) => 'ends' in block) ? own : [...own, ...stores]) as DialBlock
      const { until = Number.POSITIVE_INFINITY } = because
      if (!(until > at && until < Number.POSITIVE_INFINITY)) break
      at = until
    }
    return { status: 'stuck', blocks, because: because as DialBlock }
  }
}
