import { isOutcome } from '../lifecycle/outcome.js'
import type { CarrierEvent, Lookup, Placed } from '../ports/carrier.js'

/*
 * What adapters say, checked where it comes in: they may be written without types, and turn what somebody else's server
 * answered into words of ours. Whatever is none of the words of the port proves nothing.
 */

type Said = Omit<CarrierEvent, 'ref'>

const TYPES: ReadonlySet<unknown> = new Set(['queued', 'ringing', 'answered', 'ended'])
const NUMBERS = ['at', 'duration', 'cost'] as const

/** An answer to `place`. Only the very words of a refusal prove that nothing was placed. */
export function checkedAnswer(answer: Placed): Placed {
  switch ((answer as Placed | undefined | null)?.status) {
    case 'accepted':
    case 'rejected':
    case 'notSent':
    case 'unknown':
      return answer
    default:
      return { status: 'unknown', message: 'the carrier gave an answer that is none' }
  }
}

/** An answer to `lookup`, or what is wrong with it. */
export function checkedLookup(found: Lookup): Lookup | string {
  switch ((found as Lookup | undefined | null)?.status) {
    case 'found':
      return isEvent((found as Extract<Lookup, { status: 'found' }>).event) ? found : 'a call in no state that there is'
    case 'notFound':
    case 'cannotTell':
      return found
    default:
      return 'an answer that is none'
  }
}

/**
 * What is wrong with an event, and what is left of it without that: nothing when its type is none. An end stays an end,
 * whatever is said of it.
 */
export function checkedEvent(event: Said): { event?: Said; problem?: string } {
  if (!isEvent(event)) return { problem: 'an event of no type that there is' }
  const wrong: string[] = []
  if (event.outcome !== undefined && !isOutcome(event.outcome)) wrong.push('outcome')
  for (const name of NUMBERS) if (event[name] !== undefined && !Number.isFinite(event[name])) wrong.push(name)
  if (event.raw !== undefined && !isFlat(event.raw)) wrong.push('raw')
  if (wrong.length === 0) return { event }
  const left = Object.fromEntries(Object.entries(event).filter(([name]) => !wrong.includes(name))) as unknown as Said
  if (wrong.includes('raw')) left.raw = flat(event.raw)
  return { event: left, problem: `an event whose ${wrong.join(', ')} cannot be right` }
}

function isEvent(event: Said | undefined | null): event is Said {
  return TYPES.has(event?.type)
}

function isFlat(raw: unknown): boolean {
  return typeof raw === 'object' && raw !== null && Object.values(raw).every(isPlain)
}

/** The part of the carrier's own words that can be kept. */
function flat(raw: unknown): Readonly<Record<string, string | number>> {
  const entries = typeof raw === 'object' && raw !== null ? Object.entries(raw) : []
  return Object.fromEntries(entries.filter(([, value]) => isPlain(value)))
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || Number.isFinite(value)
}
