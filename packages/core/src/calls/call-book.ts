import type { Breakers } from '../breaker/breakers.js'
import type { Quarantine } from '../caller-ids/quarantine.js'
import type { Conversation } from '../engine/channel.js'
import type { Host } from '../engine/host.js'
import type { PauseJob } from '../jobs/pauses.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import { endedEntry, isEntered } from '../ledger/entries.js'
import { type CallState, RANK } from '../lifecycle/call.js'
import { FINAL_OUTCOMES, INFRASTRUCTURE_OUTCOMES, type Outcome } from '../lifecycle/outcome.js'
import { amountOf } from '../money/amount.js'
import { spentOn } from '../money/charge.js'
import { burn, infrastructureBackoff } from '../policy/retry.js'
import type { CarrierEvent, Placed } from '../ports/carrier.js'
import type { LiveRecord, Report } from '../ports/storage-exchange.js'
import type { Next } from '../ports/storage-jobs.js'
import type { Enlisting } from '../ports/storage-limits.js'
import { RefTable } from '../store/ref-table.js'
import { afterCall, afterEnd, CALLBACK } from './after-call.js'
import { eventProblem, soundEvent } from './carrier-words.js'
import { afterCooldown, enlistedByOutcome } from './enlistings.js'
import { type CallEnd, callText, callView, endedFacts, type LiveCall, reviveCall, wasSeen } from './live-call.js'
import type { AttemptMemo } from './memo.js'

const TOLD = { queued: 'call.queued', ringing: 'call.ringing', answered: 'call.answered' } as const
const STATES = { queued: 'queued', ringing: 'ringing', answered: 'answered' } as const

/** Who draw conclusions from how calls go: about routes, about numbers. */
export interface Judges {
  breakers: Breakers
  quarantine: Quarantine
}

type Closing = Extract<Report, { kind: 'close' }>

const NONE: readonly Enlisting[] = []

/** A store that cannot say what was reported is asked again after so long. */
const HEAR_AGAIN = 1000

/**
 * The live calls that this worker knows, and the only place where evidence about them becomes reports to the store.
 *
 * Evidence may come from the carrier's answer, its events, a lookup, in any order and more than once. What is stronger
 * than what is known is reported; the store has the last word, because another worker may have heard it first.
 */
export class CallBook {
  readonly #host: Host
  readonly #channel: Conversation
  readonly #pauseJob: PauseJob
  readonly #judges: Judges | undefined
  readonly #live: RefTable<LiveCall> = new RefTable()
  readonly #waiting: (() => void)[] = []
  readonly #hearing: Set<Promise<void>> = new Set()

  constructor(host: Host, channel: Conversation, pauseJob: PauseJob, judges?: Judges) {
    this.#host = host
    this.#channel = channel
    this.#pauseJob = pauseJob
    this.#judges = judges
  }

  /** Has a job wait for something that all of its calls need. */
  pauseJob(...given: Parameters<PauseJob>): void {
    this.#pauseJob(...given)
  }

  get size(): number {
    return this.#live.size
  }

  get(ref: string): LiveCall | undefined {
    return this.#live.get(ref)
  }

  refs(): string[] {
    return [...this.#live.refs()]
  }

  /** A call has been fenced by this worker. */
  add(live: LiveCall): void {
    this.#live.set(live)
    if (this.#host.events.has('call.fenced'))
      this.#host.events.emit('call.fenced', { task: live.task, call: callView(live) })
  }

  /** Takes a call up from the store; the one that is known stays. */
  revive(job: JobContext<CallSpec>, record: LiveRecord): LiveCall {
    const known = this.#live.get(record.ref)
    if (known) return known
    const live = reviveCall(job, record)
    this.#live.set(live)
    return live
  }

  /** Forgets a call that another worker has ended. */
  drop(ref: string): void {
    this.#live.delete(ref)
    if (this.#live.size === 0) for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Resolves when no call is live here. */
  async emptied(): Promise<void> {
    while (this.#live.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** The carrier has taken the call. */
  accepted(live: LiveCall, answer: Extract<Placed, { status: 'accepted' }>): void {
    const { state = 'queued', callId } = answer
    const said = { type: state, callId }
    const message = eventProblem(said)
    if (message === undefined) return this.evidence(live, said)
    this.#host.events.emit('carrier.failed', { route: live.job.route, reason: 'event', message, ref: live.ref })
    this.evidence(live, soundEvent(said) ?? { type: 'queued' })
  }

  /** Something shows how far a call has got. */
  evidence(live: LiveCall, event: Omit<CarrierEvent, 'ref'>): void {
    if (live.closing) return
    if (event.type === 'ended') return this.#ended(live, event)
    const state = STATES[event.type]
    const rank = RANK[state]
    if (live.state === 'unknown' ? rank < live.rank : rank <= live.rank) return
    live.state = state
    live.rank = rank
    if (rank >= RANK.ringing) this.#judges?.breakers.reached(live)
    if (state === 'answered') live.answeredAt = event.at ?? this.#host.now()
    const checkAt = live.startBy + live.life
    const report: Report = { kind: 'progress', ref: live.ref, rank, state, checkAt }
    if (event.callId !== undefined && live.callId === undefined) {
      live.callId = event.callId
      report.callId = event.callId
    }
    const name = TOLD[state]
    if (!this.#host.events.has(name)) return this.#channel.report(report)
    this.#channel.report(report, (applied) => {
      if (applied === 'applied') this.#host.events.emit(name, { task: live.task, call: callView(live, state) })
    })
  }

  /** Nobody can say what became of it. */
  lost(live: LiveCall, message?: string): void {
    if (live.closing || live.state === 'unknown' || live.rank >= RANK.queued) return
    this.#judges?.breakers.failed(live)
    this.doubt(live, message)
  }

  /** Marks a call unknown, whatever had been known of it. */
  doubt(live: LiveCall, message?: string): void {
    live.state = 'unknown'
    const checkAt = this.#host.now() + 1000
    this.#channel.report({ kind: 'doubt', ref: live.ref, checkAt }, (applied) => {
      if (applied === 'stale' || !this.#host.events.has('call.unknown')) return
      this.#host.events.emit('call.unknown', {
        task: live.task,
        call: callView(live, 'unknown'),
        ...(message !== undefined && { message }),
      })
    })
  }

  /** It is proven that the call was not placed: the contact has not been called by this attempt. */
  notPlaced(live: LiveCall, answer: Extract<Placed, { status: 'rejected' | 'notSent' }>): void {
    if (live.closing) return
    if (wasSeen(live)) {
      // Whoever says so is wrong, or speaks of another request: a call that has been seen cannot be proven away.
      const message = `says ${answer.status} of a call that it has told of`
      return this.#host.events.emit('carrier.failed', {
        route: live.job.route,
        reason: 'event',
        message,
        ref: live.ref,
      })
    }
    const now = this.#host.now()
    const { retry } = live
    const end: CallEnd = { placed: false, endedAt: now }
    if (answer.status === 'notSent') return this.#close(live, end, { waitUntil: 0 })

    const { reason, code } = answer
    if (code !== undefined) end.raw = { code }
    if (reason === 'contact') {
      end.outcome = 'invalid_number'
      return this.#close(live, end, afterCall(live, 'invalid_number', now, this.#host.random.next(), this.#host.zones))
    }
    const message = answer.message ?? reason
    this.#host.events.emit('carrier.failed', { route: live.job.route, reason, message, ref: live.ref })
    if (reason === 'configuration' || reason === 'account') {
      this.#pauseJob(live.job.id, `carrier_${reason}`)
      return this.#close(live, end, { waitUntil: now + 5000, reasons: [reason] })
    }
    this.#judges?.breakers.failed(live)
    const memo = burn(retry, 'carrier_error')
    if (memo.infrastructure >= live.job.spec.infrastructureLimit) {
      return this.#close(live, end, { terminal: 'failed', reason: 'infrastructure', memo: JSON.stringify(memo) })
    }
    // Never less than without it: a row of short waits would use up the limit, and with it the contact, in minutes.
    const backoff = infrastructureBackoff(memo.infrastructure, this.#host.random.next())
    const wait = Math.max(answer.retryAfter ?? 0, backoff)
    this.#close(live, end, { waitUntil: now + wait, memo: JSON.stringify(memo), reasons: [reason] })
  }

  /** The deadline has passed and no proof has come: the attempt counts, and the contact is not called again blindly. */
  giveUp(live: LiveCall): void {
    if (live.closing) return
    const now = this.#host.now()
    const end: CallEnd = { placed: true, outcome: 'outcome_unknown', endedAt: now }
    this.#close(live, end, afterCall(live, 'outcome_unknown', now, this.#host.random.next(), this.#host.zones))
  }

  #ended(live: LiveCall, event: Omit<CarrierEvent, 'ref'>): void {
    const now = this.#host.now()
    const outcome: Outcome = event.outcome ?? 'failed'
    if (event.callId !== undefined) live.callId ??= event.callId
    const end: CallEnd = { placed: true, outcome, endedAt: event.at ?? now }
    this.#judges?.breakers.ended(live, outcome)
    if (event.duration !== undefined) end.duration = event.duration
    if (event.cost !== undefined) end.cost = event.cost
    if (event.raw !== undefined) end.raw = event.raw
    this.#close(live, end, afterCall(live, outcome, now, this.#host.random.next(), this.#host.zones), now)
  }

  #close(live: LiveCall, end: CallEnd, usual: Next, now: number = this.#host.now()): void {
    const { terms } = live
    const spent = terms && end.placed ? spentOn(terms, end, live.answeredAt) : undefined
    if (spent !== undefined) end.booked = amountOf(spent)
    const state: CallState = end.placed ? 'ended' : 'rejected'
    const enlist = enlistedByOutcome(live.job, live.contact, end.outcome, now, this.#host.zones)
    const blocks = this.#judges?.quarantine.noted(live, end, now) ?? NONE
    const next = afterCooldown(afterEnd(live, end, usual), enlist)
    const { ref, heard } = live
    const facts = endedFacts(live, state, end)
    const result = callText(live, end, facts)
    const report: Closing = { kind: 'close', ref, placed: end.placed, outcome: end.outcome ?? '', result, next }
    if (spent !== undefined) report.spent = spent
    if (heard > 0) report.heard = heard
    if (enlist.length + blocks.length > 0) report.enlist = [...enlist, ...blocks]
    if (isEntered(this.#host.keepsLedger, live.job)) report.ledger = endedEntry(live, facts)
    // Not before all that a host's code may refuse is done: what is closing listens to nobody any more.
    live.closing = true
    this.#channel.report(report, (applied) => {
      if (applied !== 'applied') return this.#refused(live, end, usual)
      this.drop(ref)
      this.#tellEnd(live, state, end, next)
      if (blocks.length > 0) void this.#judges?.quarantine.ended(live, end)
    })
  }

  /** The store did not take the end: another worker has told it, or an agent has reported what is not known here. */
  #refused(live: LiveCall, end: CallEnd, usual: Next): void {
    const hearing = this.#hear(live)
      .then((news) => {
        if (news) this.#close(live, end, usual)
        else this.drop(live.ref)
      })
      .catch((error) => {
        // It is open again: the next evidence of it, or who looks for calls that are overdue, closes it.
        live.closing = false
        this.#host.events.emit('engine.failed', { error })
      })
      .finally(() => this.#hearing.delete(hearing))
    this.#hearing.add(hearing)
  }

  /** Learns what has been reported of a call. False: there is nothing new, or the call is over. */
  async #hear(live: LiveCall): Promise<boolean> {
    const { storage, events, ended } = this.#host
    while (!ended.aborted) {
      try {
        const [record] = await storage.load([live.ref])
        const { notes = 0 } = record ?? {}
        if (!record || notes <= live.heard) return false
        live.heard = notes
        live.callback = (JSON.parse(record.memo) as AttemptMemo).callback
        return true
      } catch (error) {
        events.emit('storage.failed', { error, retryIn: HEAR_AGAIN })
        await this.#host.pause(HEAR_AGAIN, ended)
      }
    }
    return false
  }

  /** Resolves when no end waits for what an agent has reported of its call. Answers whether any did. */
  async heard(): Promise<boolean> {
    if (this.#hearing.size === 0) return false
    await Promise.all(this.#hearing)
    return true
  }

  #tellEnd(live: LiveCall, state: CallState, end: CallEnd, next: Next): void {
    const { events } = this.#host
    if (events.has('call.ended')) events.emit('call.ended', { task: live.task, call: callView(live, state, end) })
    if ('terminal' in next) {
      if (events.has('task.ended'))
        events.emit('task.ended', { task: live.task, state: next.terminal, reason: next.reason })
    } else if (next.reasons?.includes(CALLBACK)) {
      events.emit('task.deferred', { task: live.task, until: next.waitUntil, reasons: [CALLBACK] })
    } else if (end.outcome !== undefined && !FINAL_OUTCOMES.has(end.outcome)) {
      const reason = INFRASTRUCTURE_OUTCOMES.has(end.outcome) ? 'infrastructure' : 'outcome_retried'
      events.emit('task.retrying', { task: live.task, at: next.waitUntil, outcome: end.outcome, reason })
    } else {
      events.emit('task.deferred', { task: live.task, until: next.waitUntil, reasons: next.reasons ?? ['not_placed'] })
    }
  }
}
