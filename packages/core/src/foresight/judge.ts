import { afterRefusal } from '../calls/after-refusal.js'
import type { DialDecider } from '../calls/dial-decider.js'
import { type FenceParts, fenceParts } from '../calls/fence-parts.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import { amountOf } from '../money/amount.js'
import { type Charge, chargeOf } from '../money/charge.js'
import { moneyPlace } from '../money/keys.js'
import type { RateTable } from '../money/rates.js'
import type { DialDecision } from '../policy/decide.js'
import { formatDuration } from '../policy/duration.js'
import { formatInstant } from '../policy/instant.js'
import type { RetryMemo } from '../policy/retry.js'
import type { Contact } from '../ports/contacts.js'
import type { Hold, ListCheck } from '../ports/storage-limits.js'
import { type CallerIdBlock, type DialBlock, lastUntil, untilOf } from './blocks.js'
import type { StoreFacts } from './store-facts.js'
import { limitWords, listWords } from './store-words.js'
import type { Taken } from './taken.js'

/** A contact, as it is to be decided about. */
export interface Candidate {
  readonly job: JobContext<CallSpec>
  readonly index: number
  readonly contact: Contact
  readonly retry: RetryMemo
  /** What calls of the job cost; absent where that is not known, and not looked at. */
  readonly rates?: KnownRates | undefined
}

/** What is known of the rates of a carrier; `undefined` in it: this engine has the carrier, and no rates for it. */
export interface KnownRates {
  readonly table: RateTable | undefined
}

/** What an instant says of a contact: the decision of the worker, and every reason against it, the store's among them. */
export interface Judgement {
  readonly decision: DialDecision
  readonly parts: FenceParts
  /** Of the worker: rules that are decided before the store is asked. */
  readonly own: readonly DialBlock[]
  /** Of the store. */
  readonly stores: readonly DialBlock[]
  /** Of the caller ids, what the first that is free would take. */
  readonly choice: readonly Hold[]
}

/** The fence of a contact, to know what to ask the store. */
export function partsOf(candidate: Candidate, at: number, decider: DialDecider): FenceParts {
  const { job, index, contact, retry } = candidate
  const { from } = decider.decide(job, contact, retry, at, index)
  const charge = charged(candidate, at)
  return fenceParts(job, contact, from, decider, charge && 'holds' in charge ? charge.holds : undefined)
}

function charged({ job, contact, rates }: Candidate, at: number): Charge | undefined {
  return rates && chargeOf(job, contact.phone, rates.table, at)
}

/** What passes by itself and soon: too many calls live, the pace, a route that is tried. Looked at by who asks about this very moment. */
function isPassing(block: DialBlock): boolean {
  if (block.code === 'money') return block.spent + block.needed <= block.limit
  return block.code === 'capacity' || block.code === 'pace' || block.code === 'breaker'
}

/** What a day may spend is there again on the next. */
function untilItsEnd(block: DialBlock, job: JobContext<CallSpec>, at: number): DialBlock {
  const place = moneyPlace(job, at)
  const i = place?.keys.findIndex(({ key, limit }) => 'key' in block && (limit ?? key) === block.key) ?? -1
  return { ...block, ...untilOf(place?.ends[i] ?? Number.POSITIVE_INFINITY) }
}

/**
 * Judges a contact at an instant by the code that the dispatcher runs, and by what the store has said of the fence that it would
 * ask for; with `passing` also whether there is room right then. Pure.
 */
export function judge(
  candidate: Candidate,
  at: number,
  facts: StoreFacts,
  taken: Taken,
  decider: DialDecider,
  passing = false,
): Judgement {
  const { job, index, contact, retry } = candidate
  const { decision, from } = decider.decide(job, contact, retry, at, index)
  const charge = charged(candidate, at)
  const money = charge && 'holds' in charge ? charge.holds : []
  const parts = fenceParts(job, contact, from, decider, money)
  const own = ownBlocks(decision)
  if (charge && 'unknown' in charge && decision.status !== 'ended') {
    own.push({ code: charge.unknown, detail: `nobody can say what a call to ${contact.phone} costs` })
  }
  if (decision.status === 'ended') return { decision, parts, own, stores: [], choice: [] }
  const blocksOf = (hold: Hold) => {
    const blocks = holdBlocks(hold, at, facts, taken)
    return passing ? blocks : blocks.filter((block) => !isPassing(block))
  }
  const caller = callerIds(from, parts.anyOf, blocksOf)
  const stores = [
    ...parts.absent.flatMap((check) => listBlocks(check, at, facts)),
    ...parts.all.flatMap(blocksOf).map((block) => (block.code === 'money' ? untilItsEnd(block, job, at) : block)),
    ...caller.blocks,
  ]
  return { decision, parts, own, stores, choice: caller.choice }
}

function ownBlocks(decision: DialDecision): DialBlock[] {
  if (decision.status === 'dial') return []
  if (decision.status === 'ended') {
    const { terminal: state, reason } = decision
    const ends = { state, reason }
    if (reason === 'caller_id_blocked') {
      const detail = 'its call was blocked at a number that the job does not call from any more'
      return [{ code: 'rule', rule: reason, ends, detail }]
    }
    return reason === 'expired'
      ? [{ code: 'expired', ends, detail: 'it has expired' }]
      : [{ code: 'attempts_exhausted', ends, detail: 'it has been called as often as it may be' }]
  }
  const { zone } = decision.record
  const zoned = zone === undefined ? {} : { zone }
  return decision.blocking.map(({ rule, until = Number.POSITIVE_INFINITY, detail }): DialBlock => {
    const said = { detail, ...untilOf(until) }
    if (rule === 'not_before') return { code: rule, ...said }
    return rule === 'window' || rule === 'zone_unknown'
      ? { code: rule, ...zoned, ...said }
      : { code: 'rule', rule, ...said }
  })
}

/** What a list says against a number. As at the fence: listed then, or the list too old then. */
function listBlocks({ list, member }: ListCheck, at: number, facts: StoreFacts): DialBlock[] {
  const state = facts.listState(list)
  const { asOf = 0, maxAgeMs } = state ?? {}
  if (maxAgeMs !== undefined && at - asOf > maxAgeMs) {
    const detail = `${listWords(list)} says what was true at ${formatInstant(asOf)}, and may not be older than ${formatDuration(maxAgeMs)}`
    return [{ code: 'list_stale', list, asOf, maxAgeMs, detail }]
  }
  const found = facts.member(list, member)
  const { until = Number.POSITIVE_INFINITY, reason } = found ?? {}
  if (!found || until <= at) return []
  const why = reason === undefined ? {} : { reason }
  const after = afterRefusal([`list:${list}`], until, at)
  if ('terminal' in after) {
    const ends = { state: after.terminal, reason: after.reason }
    const listedUntil = until < Number.POSITIVE_INFINITY ? { listedUntil: until } : {}
    return [{ code: 'suppressed', list, ...why, ...listedUntil, ends, detail: `${member} is on ${listWords(list)}` }]
  }
  const detail = `${member} is left alone for a while${reason === undefined ? '' : ` (${reason})`}`
  return [{ code: 'cooldown', list, ...why, ...untilOf(until), detail }]
}

/** The store was asked a moment after the instant that is judged. */
const AT_ONCE = 250

/** What a limit says against one more hold. */
export function holdBlocks(hold: Hold, at: number, facts: StoreFacts, taken: Taken): DialBlock[] {
  const usage = facts.usage(hold)
  if (!usage) return []
  const { rule, held, spent, freeAt, counted = 0 } = usage
  const key = hold.limit ?? hold.key
  if ('cap' in rule) {
    const free = taken.capFreeAt(hold, usage, rule.cap, rule.windowMs, at)
    if (free <= at) return []
    const { cap: max, windowMs } = rule
    const detail = `called as often as a cap allows: ${max} within ${formatDuration(windowMs)}`
    return [{ code: 'cap', key, max, windowMs, counted, detail, ...untilOf(free) }]
  }
  if ('money' in rule) {
    if (held + spent + hold.n <= rule.money) return []
    const [limit, gone, kept, needed] = [rule.money, spent, held, hold.n].map(amountOf) as [
      number,
      number,
      number,
      number,
    ]
    const detail = `a call may cost ${needed}, and of ${limit} are ${gone} spent and ${kept} held by live calls`
    return [{ code: 'money', key, limit, spent: gone, held: kept, needed, detail }]
  }
  if ('closedUntil' in rule) {
    if (rule.closedUntil <= at) return []
    return [{ code: 'closed', key, detail: `${limitWords(key)} is closed for a while`, ...untilOf(rule.closedUntil) }]
  }
  if ('slots' in rule) {
    if (held + hold.n <= rule.slots) return []
    return [{ code: 'capacity', key, limit: rule.slots, held, detail: `${held} of ${rule.slots} calls are live` }]
  }
  if ('rate' in rule && freeAt > at + AT_ONCE) {
    if (key.startsWith('rate:breaker:')) {
      return [{ code: 'breaker', key, detail: 'the route fails, and is tried now and then', ...untilOf(freeAt) }]
    }
    return [
      {
        code: 'pace',
        key,
        detail: `the next start has to wait for the pace of ${limitWords(key)}`,
        ...untilOf(freeAt),
      },
    ]
  }
  return []
}

/** The first caller id that is free, or every one with what keeps it from being used. */
function callerIds(
  from: readonly string[],
  anyOf: FenceParts['anyOf'],
  blocksOf: (hold: Hold) => readonly DialBlock[],
): { choice: readonly Hold[]; blocks: readonly DialBlock[] } {
  const tried: CallerIdBlock[] = []
  for (const [choice, holds] of anyOf.entries()) {
    const blocks = holds.flatMap(blocksOf)
    if (blocks.length === 0) return { choice: holds, blocks }
    tried.push({ callerId: from[choice] ?? '', blocks })
  }
  if (tried.length === 0) return { choice: [], blocks: [] }
  const soonest = tried.reduce((least, { blocks }) => Math.min(least, lastUntil(blocks)), Number.POSITIVE_INFINITY)
  const detail = tried.length === 1 ? `${tried[0]?.callerId} is not free` : `none of ${tried.length} caller ids is free`
  return { choice: [], blocks: [{ code: 'caller_ids', from: tried, detail, ...untilOf(soonest) }] }
}
