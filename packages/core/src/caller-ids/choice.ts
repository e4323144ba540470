import type { CallSpec, JobContext } from '../jobs/spec.js'
import type { RetryMemo } from '../policy/retry.js'
import type { Contact } from '../ports/contacts.js'
import type { Fence } from '../ports/storage-exchange.js'
import { gatedNumberHolds, numberHolds } from './keys.js'
import { PoolIndex } from './pool-index.js'
import { MOST_OFFERED, rank } from './rank.js'
import type { RoomHints } from './room.js'

/** What a job says of its numbers. */
type Numbers = Pick<CallSpec, 'from' | 'pool'>

/** A contact's turn at the numbers. */
interface Turn {
  readonly index: number
  readonly retry: RetryMemo
  readonly now: number
}

const indexes = new WeakMap<readonly string[], PoolIndex>()

/** Whether the slots and starts of a job's only number are one of its gates: then it waits there when the number is busy, and costs nothing. */
export function isGated({ from, pool }: Numbers): boolean {
  return from.length === 1 && pool !== true
}

/**
 * The numbers from which a contact may be called now, the best first. A contact that was blocked at a number is called from that one or
 * not at all: another one would go around what blocks it. `undefined`: it is not the job's any more.
 */
export function offeredNumbers(
  job: JobContext<CallSpec>,
  contact: Contact,
  { index, retry, now }: Turn,
  hints: RoomHints,
): readonly string[] | undefined {
  const { organization, spec } = job
  const own = contact.callerId
  if (retry.blocked) {
    const number = retry.from
    if (number !== undefined && (number === own || poolOf(spec.from).has(number))) return [number]
    return undefined
  }
  if (own !== undefined) return [own]
  const { from, callerIds } = spec
  if (from.length === 1) return from
  const hasRoom = (number: string) => hints.hasRoom(organization, number, now)
  if (!callerIds && from.length <= MOST_OFFERED) return from
  return rank(poolOf(from), {
    phone: contact.phone,
    turn: index + retry.burned,
    before: callerIds?.sticky ? retry.from : undefined,
    localPresence: callerIds?.localPresence ?? false,
    rotate: callerIds?.order === 'rotate',
    hasRoom,
  })
}

const NONE: readonly string[] = []
const NOTHING: Fence['anyOf'] = []

/** A job's numbers as the record of an attempt has them before they are ranked: of many, none. */
export function listedNumbers({ from }: Pick<CallSpec, 'from'>): readonly string[] {
  return from.length <= MOST_OFFERED ? from : NONE
}

/** The record of an attempt with other numbers than those that it was made with. It is text already, and begins with them. */
export function withNumbers(memo: string, numbers: readonly string[]): string {
  // Numbers are digits: nothing in them has to be escaped.
  return `{"from":["${numbers.join('","')}"]${memo.slice(memo.indexOf(']') + 1)}`
}

/** What the fence is asked for each of the numbers. */
export function numberAlternatives(
  { organization, spec }: JobContext<CallSpec>,
  from: readonly string[],
): Fence['anyOf'] {
  const [only = ''] = spec.from
  if (isGated(spec) && from.length === 1 && from[0] === only) {
    return spec.asksNumber ? [gatedNumberHolds(organization, only)] : NOTHING
  }
  return from.map((number) => numberHolds(organization, number))
}

function poolOf(from: readonly string[]): PoolIndex {
  let index = indexes.get(from)
  if (!index) {
    index = new PoolIndex(from)
    indexes.set(from, index)
  }
  return index
}
