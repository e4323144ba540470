import type { CallerIdDesk } from '../caller-ids/desk.js'
import { Deadlines, type Waiting } from '../engine/deadlines.js'
import type { Host } from '../engine/host.js'
import type { Ready, Returned, Runner, Verdict } from '../engine/runner.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import { isEntered } from '../ledger/entries.js'
import { RANK } from '../lifecycle/call.js'
import { type CallTerms, chargeOf } from '../money/charge.js'
import type { Purse } from '../money/purse.js'
import type { RateTable } from '../money/rates.js'
import { HOUR } from '../policy/duration.js'
import type { RetryMemo } from '../policy/retry.js'
import type { Attempt, Carrier, Placed } from '../ports/carrier.js'
import type { Contact } from '../ports/contacts.js'
import type { ClaimedTask, Fenced } from '../ports/storage-exchange.js'
import type { Terminal } from '../ports/storage-jobs.js'
import { afterRefusal, forMoney } from './after-refusal.js'
import type { CallBook } from './call-book.js'
import { checkedAnswer } from './carrier-words.js'
import { DialDecider } from './dial-decider.js'
import { fenceParts } from './fence-parts.js'
import { callTask, LiveCall } from './live-call.js'
import { callLife, readRetryMemo, withTerms } from './memo.js'
import { StaleLists } from './stale-lists.js'

/** A contact that may be dialed, with what its fence was asked for. */
interface Dial extends Ready {
  readonly index: number
  readonly contact: Contact
  readonly retry: RetryMemo
  readonly from: readonly string[]
  readonly terms: CallTerms | undefined
}

/** After the last moment at which a request may still be written, somebody looks whether it was. */
const LOOK_AFTER = 35_000
/** A carrier that has not answered by then has lost the request, for all we know. */
const PLACE_TIMEOUT = 30_000

/** A number that nobody can price is priced when somebody adds a rate: the worker is restarted then. */
const UNPRICED = HOUR

/** What a runner knows about money. */
export interface RouteMoney {
  readonly rates: RateTable | undefined
  readonly purse: Purse
}

type Named = Pick<Dial, 'index' | 'contact'>

/** Dials the contacts of one carrier. */
export class CallRunner implements Runner<Dial> {
  readonly route: string
  readonly atOnce: number
  readonly #host: Host
  readonly #carrier: Carrier
  readonly #book: CallBook
  readonly #callerIds: CallerIdDesk
  readonly #decider: DialDecider
  readonly #deadlines: Deadlines
  readonly #money: RouteMoney
  readonly #stale: StaleLists

  constructor(
    host: Host,
    route: string,
    carrier: Carrier,
    book: CallBook,
    atOnce: number,
    { money, callerIds }: { money: RouteMoney; callerIds: CallerIdDesk },
  ) {
    this.#money = money
    this.#host = host
    this.route = route
    this.#carrier = carrier
    this.#book = book
    this.#callerIds = callerIds
    this.#decider = new DialDecider({ hints: callerIds.hints, zones: host.zones, random: host.random })
    this.#stale = new StaleLists((...given) => book.pauseJob(...given))
    this.atOnce = atOnce
    this.#deadlines = new Deadlines(host, PLACE_TIMEOUT)
  }

  decide(context: JobContext, claimed: ClaimedTask, now: number): Verdict<Dial> {
    const job = context as JobContext<CallSpec>
    const { index } = claimed
    const contact = JSON.parse(claimed.payload) as Contact
    const retry = readRetryMemo(claimed.memo)
    const { decision, from, memo } = this.#decider.decide(job, contact, retry, now, index)
    if (decision.status === 'ended') return this.#ends(job, { index, contact }, decision.terminal, decision.reason)
    if (decision.status === 'blocked') {
      const reasons = decision.blocking.map(({ rule }) => rule)
      return this.#waits(job, { index, contact }, decision.retryAt, reasons)
    }
    const charge = chargeOf(job, contact.phone, this.#money.rates, now)
    if (charge && 'unknown' in charge) return this.#waits(job, { index, contact }, now + UNPRICED, [charge.unknown])
    const terms = charge?.terms
    const { all, anyOf, absent } = fenceParts(job, contact, from, this.#decider, charge?.holds)
    const fence = {
      claim: claimed.claim,
      all,
      anyOf,
      absent,
      until: Math.min(decision.until, charge?.until ?? Infinity, this.#decider.rulesUntil(job, contact)),
      checkAfter: LOOK_AFTER,
      memo: terms ? withTerms(memo, terms) : memo,
    }
    return { begin: { fence, index, contact, retry, from, terms } }
  }

  refused(job: JobContext, dial: Dial, reasons: readonly string[], retryAt: number, now: number): Returned {
    if (dial.terms && forMoney(reasons)) this.#money.purse.refused(job as JobContext<CallSpec>, dial.terms.worst)
    this.#stale.refused(job.id, reasons, retryAt, now)
    const after = afterRefusal(reasons, retryAt, now)
    if ('terminal' in after) return this.#ends(job, dial, after.terminal, after.reason)
    if (after.stopped) return { next: { waitUntil: after.waitUntil, reasons } }
    const again = this.#callerIds.keeper.waitUntil(job as JobContext<CallSpec>, dial.from, reasons, retryAt, now)
    return this.#waits(job, dial, again ?? after.waitUntil, after.reasons)
  }

  fenceRefused(job: JobContext, dial: Dial, reasons: readonly string[], now: number): void {
    this.#callerIds.keeper.heard(job as JobContext<CallSpec>, dial.from, reasons, now)
  }

  #ends(job: JobContext, { index, contact }: Named, terminal: Terminal, reason: string): Returned {
    const tell = () =>
      this.#host.events.emit('task.ended', { task: callTask(job, index, contact), state: terminal, reason })
    return { next: { terminal, reason }, tell }
  }

  #waits(job: JobContext, { index, contact }: Named, until: number, reasons: readonly string[]): Returned {
    const tell = () => this.#host.events.emit('task.deferred', { task: callTask(job, index, contact), until, reasons })
    return { next: { waitUntil: until, reasons }, tell }
  }

  start(
    context: JobContext,
    dial: Dial,
    fenced: Extract<Fenced, { status: 'fenced' }>,
    startable: () => boolean,
    answered: () => void,
  ): void {
    const job = context as JobContext<CallSpec>
    if (fenced.choice > 0) this.#callerIds.keeper.passedOver(job, dial.from.slice(0, fenced.choice), fenced.startAt)
    const live = new LiveCall(job, dial, fenced, Math.floor(fenced.startAt), callLife(job.spec))
    if (isEntered(this.#host.keepsLedger, job)) live.memo = dial.fence.memo
    this.#book.add(live)
    if (!startable()) {
      this.#book.notPlaced(live, { status: 'notSent', message: 'too late to start' })
      return answered()
    }
    live.state = 'dialing'
    live.rank = RANK.dialing
    this.#place(live, attemptOf(live, startable), answered)
  }

  /** Asks the carrier. An answer that comes after the time-out is evidence like any other. */
  #place(live: LiveCall, attempt: Attempt, answered: () => void): void {
    const placing = new Placing(this.#host, this.#book, live, answered)
    this.#deadlines.add(placing)
    const lost = (error: unknown) => placing.lost(String(error))
    try {
      this.#carrier.place(attempt).then((answer) => placing.settle(answer), lost)
    } catch (error) {
      lost(error)
    }
  }
}

/** A request that the carrier has not answered. */
class Placing implements Waiting {
  readonly #host: Host
  readonly #book: CallBook
  readonly #live: LiveCall
  readonly #answered: () => void
  #waits = true

  constructor(host: Host, book: CallBook, live: LiveCall, answered: () => void) {
    this.#host = host
    this.#book = book
    this.#live = live
    this.#answered = answered
  }

  waits(): boolean {
    return this.#waits
  }

  expire(): void {
    this.lost(`the carrier has not answered within ${PLACE_TIMEOUT / 1000} s`)
  }

  lost(message: string): void {
    this.settle({ status: 'unknown', message })
  }

  settle(said: Placed): void {
    try {
      this.#hear(checkedAnswer(said))
    } catch (error) {
      this.#host.events.emit('engine.failed', { error })
    }
    if (!this.#waits) return
    this.#waits = false
    this.#answered()
  }

  #hear(answer: Placed): void {
    if (answer.status === 'accepted') this.#book.accepted(this.#live, answer)
    else if (answer.status === 'unknown') this.#book.lost(this.#live, answer.message)
    else this.#book.notPlaced(this.#live, answer)
  }
}

function attemptOf({ ref, attempt, job, contact, from }: LiveCall, startable: () => boolean): Attempt {
  const { organization, id: jobId } = job
  const { ringTimeout, maxDuration } = job.spec
  const { phone: to, variables, externalId } = contact
  const agent = contact.agent ?? job.spec.agent
  const base = { ref, attempt, organization, jobId, to, from, variables, ringTimeout, maxDuration, startable }
  if (agent === undefined && externalId === undefined) return base
  return { ...base, ...(agent !== undefined && { agent }), ...(externalId !== undefined && { externalId }) }
}
