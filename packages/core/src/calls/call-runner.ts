import pLimit, { type LimitFunction } from 'p-limit'
import type { Host } from '../engine/host.js'
import type { Ready, Runner, Verdict } from '../engine/runner.js'
import type { CallTask } from '../events/event-map.js'
import { scopeKeys } from '../jobs/gates.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import { RANK } from '../lifecycle/call.js'
import { type DialRecord, decideDial } from '../policy/decide.js'
import type { RetryMemo } from '../policy/retry.js'
import type { Attempt, Carrier, Placed } from '../ports/carrier.js'
import type { Contact } from '../ports/contacts.js'
import type { ClaimedTask, Fence, Fenced } from '../ports/storage-exchange.js'
import type { Next } from '../ports/storage-jobs.js'
import type { CallBook } from './call-book.js'
import { callTask, type LiveCall } from './live-call.js'
import { type AttemptMemo, readRetryMemo } from './memo.js'

/** A contact that may be dialed, with what its fence was asked for. */
interface Dial extends Ready {
  readonly task: CallTask
  readonly contact: Contact
  readonly retry: RetryMemo
  readonly memo: AttemptMemo
  readonly decision: DialRecord
}

/** After the last moment at which a request may still be written, somebody looks whether it was. */
const LOOK_AFTER = 35_000
/** A carrier that has not answered by then has lost the request, for all we know. */
const PLACE_TIMEOUT = 30_000
/** Beyond ringing and talking, a call's end may be so late in coming. */
const GRACE = 60_000
/** A number on a suppression list is not asked about again; a missing window is. */
const LATER = 60_000

/** Dials the contacts of one carrier. */
export class CallRunner implements Runner<Dial> {
  readonly route: string
  readonly atOnce: number
  readonly #host: Host
  readonly #carrier: Carrier
  readonly #book: CallBook
  readonly #limit: LimitFunction

  constructor(host: Host, route: string, carrier: Carrier, book: CallBook, atOnce: number) {
    this.#host = host
    this.route = route
    this.#carrier = carrier
    this.#book = book
    this.atOnce = atOnce
    this.#limit = pLimit(atOnce)
  }

  decide(job: JobContext, claimed: ClaimedTask, now: number): Verdict<Dial> {
    const { spec } = job as JobContext<CallSpec>
    const contact = JSON.parse(claimed.payload) as Contact
    const retry = readRetryMemo(claimed.memo)
    const { phone, timezone, attempts, notBefore, externalId } = contact
    const decided = decideDial(
      now,
      {
        version: String(job.revision),
        window: spec.window,
        timezone: spec.timezone,
        attempts: spec.attempts,
        caps: spec.caps,
        ...(spec.expiresAt !== undefined && { expiresAt: spec.expiresAt }),
      },
      {
        organization: job.organization,
        phone,
        memo: retry,
        ...(timezone !== undefined && { timezone }),
        ...(attempts !== undefined && { attempts }),
        ...(notBefore !== undefined && { notBefore }),
        ...(externalId !== undefined && { externalId }),
      },
    )
    const task = callTask(job, claimed.index, contact)
    if (decided.status === 'ended') {
      const { terminal, reason } = decided
      this.#host.events.emit('task.ended', { task, state: terminal, reason })
      return { next: { terminal, reason } }
    }
    if (decided.status === 'blocked') {
      const reasons = decided.blocking.map(({ rule }) => rule)
      this.#host.events.emit('task.deferred', { task, until: decided.retryAt, reasons })
      return { next: { waitUntil: decided.retryAt, reasons } }
    }
    const from = contact.callerId === undefined ? spec.from : [contact.callerId]
    const memo: AttemptMemo = {
      from,
      life: spec.ringTimeout + spec.maxDuration + GRACE,
      retry,
      decision: decided.record,
    }
    const fence = {
      all: decided.holds,
      anyOf: this.#callerIds(job, from),
      absent: [],
      until: decided.until,
      checkAfter: LOOK_AFTER,
      memo: JSON.stringify(memo),
    }
    return { begin: { fence, task, contact, retry, memo, decision: decided.record } }
  }

  refused(_job: JobContext, { task }: Dial, reasons: readonly string[], retryAt: number, now: number): Next {
    const { events } = this.#host
    if (reasons.some((reason) => reason.startsWith('list:'))) {
      events.emit('task.ended', { task, state: 'skipped', reason: 'suppressed' })
      return { terminal: 'skipped', reason: 'suppressed' }
    }
    const until = retryAt < Number.POSITIVE_INFINITY ? retryAt : now + LATER
    // A job that was paused or stopped meanwhile decides by itself when its tasks go on.
    const stopped = reasons.includes('paused') || reasons.includes('canceling')
    if (!stopped) events.emit('task.deferred', { task, until, reasons })
    return { waitUntil: stopped ? 0 : until, reasons }
  }

  /** A job's only caller id is one of its gates; where there is a choice, the fence makes it. */
  #callerIds({ organization, spec }: JobContext, from: readonly string[]): Fence['anyOf'] {
    if (spec.kind === 'calls' && spec.from.length === 1 && from[0] === spec.from[0]) return []
    return from.map((callerId) => {
      const { slots, rate } = scopeKeys({ callerId, organization })
      return [{ key: slots, n: 1 }, { key: rate, n: 1 }]
    })
  }

  async start(
    job: JobContext,
    dial: Dial,
    fenced: Extract<Fenced, { status: 'fenced' }>,
    startable: () => boolean,
  ): Promise<void> {
    const live: LiveCall = {
      ref: fenced.ref,
      job: job as JobContext<CallSpec>,
      task: dial.task,
      contact: dial.contact,
      attempt: fenced.attempt,
      from: dial.memo.from[Math.max(0, fenced.choice)] ?? '',
      fencedAt: fenced.startAt,
      startBy: fenced.startBy,
      memo: dial.memo,
      state: 'fenced',
      rank: RANK.fenced,
      closing: false,
    }
    this.#book.add(live)
    if (!startable()) return this.#book.notPlaced(live, { status: 'notSent', message: 'too late to start' })
    const answer = await this.#limit(() => this.#place(live, startable))
    this.#take(live, answer)
  }

  #take(live: LiveCall, answer: Placed): void {
    if (answer.status === 'accepted') this.#book.accepted(live, answer)
    else if (answer.status === 'unknown') this.#book.lost(live, answer.message)
    else this.#book.notPlaced(live, answer)
  }

  /** Asks the carrier. An answer that comes after the time-out is evidence like any other. */
  #place(live: LiveCall, startable: () => boolean): Promise<Placed> {
    const { contact, job } = live
    const { spec } = job
    const agent = contact.agent ?? spec.agent
    const attempt: Attempt = {
      ref: live.ref,
      attempt: live.attempt,
      organization: job.organization,
      jobId: job.id,
      to: contact.phone,
      from: live.from,
      ...(agent !== undefined && { agent }),
      variables: contact.variables,
      ...(contact.externalId !== undefined && { externalId: contact.externalId }),
      ringTimeout: spec.ringTimeout,
      maxDuration: spec.maxDuration,
      startable,
    }
    live.state = 'dialing'
    live.rank = RANK.dialing
    return new Promise((resolve) => {
      let answered = false
      const cancel = this.#host.later(() => {
        answered = true
        resolve({ status: 'unknown', message: `the carrier has not answered within ${PLACE_TIMEOUT / 1000} s` })
      }, PLACE_TIMEOUT)
      const settle = (answer: Placed) => {
        cancel()
        if (answered) this.#take(live, answer)
        else resolve(answer)
      }
      try {
        this.#carrier.place(attempt).then(settle, (error) => settle({ status: 'unknown', message: String(error) }))
      } catch (error) {
        settle({ status: 'unknown', message: String(error) })
      }
    })
  }
}
