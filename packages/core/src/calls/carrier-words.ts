import { isOutcome } from '../lifecycle/outcome.js'
import { DAY } from '../policy/duration.js'
import type { CarrierEvent, Lookup, Placed } from '../ports/carrier.js'

/*
 * What adapters say, checked where it comes in: they may be written without types, and turn what somebody else's server
 * answered into words of ours. Whatever is none of the words of the port proves nothing.
 */

type Said = Omit<CarrierEvent, 'ref'>
type Rejected = Extract<Placed, { status: 'rejected' }>

const TYPES: ReadonlySet<unknown> = new Set(['queued', 'ringing', 'answered', 'ended'])
/** The most that can be meant by each: the last instant that a date has, a year, what no call costs. Less than 0 is none of them. */
const MOST = { at: 8.64e15, duration: 366 * DAY, cost: 1e9 } as const
const NUMBERS = ['at', 'duration', 'cost'] as const

/** An answer to `place`. Only the very words of a refusal prove that nothing was placed. */
export function checkedAnswer(answer: Placed): Placed {
  switch ((answer as Placed | undefined | null)?.status) {
    case 'rejected':
      return checkedRejection(answer as Rejected)
    case 'accepted':
    case 'notSent':
    case 'unknown':
      return answer
    default:
      return { status: 'unknown', message: 'the carrier gave an answer that is none' }
  }
}

/** A refusal, without a code that cannot be kept and a time to wait that is none. */
function checkedRejection(answer: Rejected): Rejected {
  const { code, retryAfter, ...rest } = answer
  const checked: Rejected = rest
  if (isPlain(code)) checked.code = code as string
  if (Number.isFinite(retryAfter)) checked.retryAfter = retryAfter as number
  return checked
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

/** What is wrong with an event, for people; `undefined` for one that can be right. */
export function eventProblem(event: Said): string | undefined {
  if (isSound(event)) return undefined
  if (!isEvent(event)) return 'an event of no type that there is'
  return `an event whose ${wrongFields(event).join(', ')} cannot be right`
}

/**
 * An event without what is wrong with it: `undefined` when its type is none. An end stays an end, whatever is said of it.
 */
export function soundEvent(event: Said): Said | undefined {
  if (isSound(event)) return event
  if (!isEvent(event)) return undefined
  const wrong = wrongFields(event)
  const left = Object.fromEntries(Object.entries(event).filter(([name]) => !wrong.includes(name))) as unknown as Said
  if (wrong.includes('raw')) left.raw = flat(event.raw)
  return left
}

/** Asked for every event: field by field, without making anything. */
function isSound(event: Said): boolean {
  return (
    isEvent(event) &&
    (event.callId === undefined || typeof event.callId === 'string') &&
    (event.outcome === undefined || isOutcome(event.outcome)) &&
    isAmountIfAny(event.at, MOST.at) &&
    isAmountIfAny(event.duration, MOST.duration) &&
    isAmountIfAny(event.cost, MOST.cost) &&
    (event.raw === undefined || isFlat(event.raw))
  )
}

function wrongFields(event: Said): string[] {
  const wrong: string[] = []
  if (event.callId !== undefined && typeof event.callId !== 'string') wrong.push('callId')
  if (event.outcome !== undefined && !isOutcome(event.outcome)) wrong.push('outcome')
  for (const name of NUMBERS) if (!isAmountIfAny(event[name], MOST[name])) wrong.push(name)
  if (event.raw !== undefined && !isFlat(event.raw)) wrong.push('raw')
  return wrong
}

function isAmountIfAny(value: number | undefined, most: number): boolean {
  return value === undefined || (typeof value === 'number' && value >= 0 && value <= most)
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
