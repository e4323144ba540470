import type { PoolIndex } from './pool-index.js'

/**
 * Of so many numbers a fence may choose. It takes the first with room, so with a share `p` of the pool's numbers full it finds none in
 * `p ** 5` of the cases (3 % of them when half are), and each time it does not, the worker knows which are full and offers others.
 */
export const MOST_OFFERED = 5

/** So many numbers are asked whether they are known to be full before those that are get offered too. */
const LOOKS = 64

/** Who is called, and how its numbers are chosen. */
export interface RankQuery {
  /** E.164 */
  readonly phone: string
  /** Which turn it is: goes up evenly over the contacts, and is another one at each of their calls. */
  readonly turn: number
  /** The number that called before. */
  readonly before?: string | undefined
  /** Numbers near the called one first. */
  readonly localPresence: boolean
  /** In turn; else in the order given. */
  readonly rotate: boolean
  /** Whether a number is thought to have room. A hint: the fence decides. */
  readonly hasRoom: (number: string) => boolean
}

/**
 * The numbers from which a contact may be called now, the best first, at most {@link MOST_OFFERED}: the one that called before, those
 * nearest to it, then the others in turn. What is thought to be full comes after what is not.
 */
export function rank(pool: PoolIndex, query: RankQuery): string[] {
  // Few of each, and before every call: looked through faster than a set is made.
  const offered: string[] = []
  const full: string[] = []
  const offer = (numbers: Iterable<string>) => {
    for (const number of numbers) {
      if (offered.length === MOST_OFFERED || offered.length + full.length === LOOKS) return
      if (offered.includes(number) || full.includes(number)) continue
      if (query.hasRoom(number)) offered.push(number)
      else full.push(number)
    }
  }
  if (query.before !== undefined && pool.has(query.before)) offer([query.before])
  if (query.localPresence) offer(pool.near(query.phone, query.turn))
  offer(query.rotate ? pool.rotated(query.turn) : pool.numbers)
  offered.push(...full.slice(0, MOST_OFFERED - offered.length))
  return offered
}
