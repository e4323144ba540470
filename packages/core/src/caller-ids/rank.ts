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
  const offered = new Set<string>()
  const full = new Set<string>()
  let looks = 0
  const offer = (numbers: Iterable<string>) => {
    for (const number of numbers) {
      if (offered.size === MOST_OFFERED || looks === LOOKS) return
      if (offered.has(number) || full.has(number)) continue
      looks++
      if (query.hasRoom(number)) offered.add(number)
      else full.add(number)
    }
  }
  if (query.before !== undefined && pool.has(query.before)) offer([query.before])
  if (query.localPresence) offer(pool.near(query.phone, query.turn))
  offer(query.rotate ? pool.rotated(query.turn) : pool.numbers)
  for (const number of full) {
    if (offered.size === MOST_OFFERED) break
    offered.add(number)
  }
  return [...offered]
}
