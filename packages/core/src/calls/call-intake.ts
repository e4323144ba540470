import { answered } from '../engine/answered.js'
import type { Conversation } from '../engine/channel.js'
import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import type { JobCache } from '../jobs/job-cache.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import { correctedEntry, isEntered } from '../ledger/entries.js'
import { parseRef } from '../lifecycle/ref.js'
import { correctionOf } from '../money/correction.js'
import type { CarrierEvent } from '../ports/carrier.js'
import type { Contact } from '../ports/contacts.js'
import type { TaskRecord } from '../ports/storage-read.js'
import type { CallBook } from './call-book.js'
import { eventProblem, soundEvent } from './carrier-words.js'
import { enlistedByOutcome } from './enlistings.js'
import type { CallRecord } from './live-call.js'
import { type AttemptMemo, readRetryMemo } from './memo.js'

/** An adopted call is looked up soon: until then its task is frozen. */
const LOOK_AFTER = 5000
/** So often somebody else may correct the same record at the same time. */
const TRIES = 5

/** Takes what carriers say of calls, whoever placed them, and finds the call that is meant. */
export class CallIntake {
  readonly #host: Host
  readonly #channel: Conversation
  readonly #jobs: JobCache
  readonly #book: CallBook

  constructor(host: Host, channel: Conversation, jobs: JobCache, book: CallBook) {
    this.#host = host
    this.#channel = channel
    this.#jobs = jobs
    this.#book = book
  }

  /** An event of a call, from the carrier of this route. Resolves when it has been handed to the store's channel. */
  take(route: string, said: CarrierEvent): Promise<void> | undefined {
    const ref: unknown = (said as CarrierEvent | undefined | null)?.ref
    const problem = typeof ref === 'string' ? eventProblem(said) : 'an event of no call'
    if (problem !== undefined) {
      const named = typeof ref === 'string' ? { ref } : {}
      this.#host.events.emit('carrier.failed', { route, reason: 'event', message: problem, ...named })
    }
    const event = problem === undefined ? said : soundEvent(said)
    if (!event || typeof ref !== 'string') return undefined
    const live = this.#book.get(ref)
    if (!live) return this.#find(route, { ...event, ref })
    if (live.job.route !== route) return this.#stray(route, ref)
    this.#book.evidence(live, event)
    return undefined
  }

  /** A carrier speaks of its own calls only: who can sign for one route cannot end the calls of another. */
  #stray(route: string, ref: string): undefined {
    const message = 'an event of a call of another route'
    this.#host.events.emit('carrier.failed', { route, reason: 'event', message, ref })
  }

  async #find(route: string, event: CarrierEvent): Promise<void> {
    const parts = parseRef(event.ref)
    const { storage, events } = this.#host
    if (!parts) return events.emit('call.orphaned', { ref: event.ref, adopted: false })
    const [record] = await storage.load([event.ref])
    const owner = await this.#jobs.get(parts.jobId, record?.revision ?? 0)
    if (owner && owner.route !== route) return this.#stray(route, event.ref)
    if (record) {
      const job = await this.#jobs.get(record.jobId, record.revision)
      if (job) this.#book.evidence(this.#book.revive(job as JobContext<CallSpec>, record), event)
      return
    }
    const task = await storage.getTask(parts.jobId, parts.index)
    if (!task) return events.emit('call.orphaned', { ref: event.ref, adopted: false })
    if (parts.attempt > task.attempts) return this.#adopt(event, task)
    return this.#late(event, task, owner as JobContext<CallSpec> | undefined)
  }

  /**
   * The store knows nothing of this attempt, though the carrier does: it has come back older than it was. The task is
   * frozen, so that it is not called a second time on top of this call, and reconciled like any unknown call.
   */
  async #adopt(event: CarrierEvent, task: TaskRecord): Promise<void> {
    const { storage, events } = this.#host
    const job = await this.#jobs.get(task.jobId, 0)
    if (!job || task.payload === undefined) return events.emit('call.orphaned', { ref: event.ref, adopted: false })
    const { spec } = job as JobContext<CallSpec>
    const contact = JSON.parse(task.payload) as Contact
    const now = this.#host.now()
    const memo: AttemptMemo = {
      from: contact.callerId === undefined ? spec.from : [contact.callerId],
      life: spec.ringTimeout + spec.maxDuration,
      retry: readRetryMemo(task.memo),
      decision: { policy: 'adopted', at: now, rules: {} },
    }
    const answer = await answered(this.#host, this.#channel, {
      kind: 'adopt',
      ref: event.ref,
      rank: 0,
      memo: JSON.stringify(memo),
      checkAt: now + LOOK_AFTER,
    })
    const adopted = answer === 'applied'
    events.emit('call.orphaned', { ref: event.ref, adopted })
    const [record] = adopted ? await storage.load([event.ref]) : []
    if (record) this.#book.evidence(this.#book.revive(job as JobContext<CallSpec>, record), event)
  }

  /**
   * Late evidence corrects the record of the call, and lists whom it shows to be listed; its task stays as it is. Rejects with
   * `call_contended` when others were faster each time, so that whoever brought it brings it again.
   */
  async #late(event: CarrierEvent, found: TaskRecord, job: JobContext<CallSpec> | undefined): Promise<void> {
    const { storage, events } = this.#host
    const { ref } = event
    const { jobId, index } = found
    let task: TaskRecord | undefined = found
    for (let tries = 0; tries < TRIES; tries++) {
      const { results = [], payload }: Partial<TaskRecord> = task ?? {}
      const position = results.findIndex((result) => (JSON.parse(result) as CallRecord).ref === ref)
      // Not one of this task's; or it was removed meanwhile.
      if (position < 0) return events.emit('call.orphaned', { ref, adopted: false })
      const record = JSON.parse(results[position] as string) as CallRecord
      const correction = correctionOf(record, event, job)
      if (!correction) return
      const { learned, record: corrected, spent } = correction
      // Numbered, so that of two who correct the same record one begins anew, and what is spent is corrected from what it is.
      const id = `correction:${record.corrections ?? 0}`
      const data = JSON.stringify(learned)
      const amend = { position, result: JSON.stringify(corrected) }
      const contact = payload === undefined ? undefined : (JSON.parse(payload) as Contact)
      const enlist =
        job && contact ? enlistedByOutcome(job, contact, learned.outcome, this.#host.now(), this.#host.zones) : []
      const note = { kind: 'note' as const, ref, id, data, amend, ...(spent && { spent }) }
      const ledger =
        job && isEntered(this.#host.keepsLedger, job)
          ? correctedEntry(
              job,
              { index, externalId: contact?.externalId },
              corrected,
              (record.corrections ?? 0) + 1,
              this.#host.now(),
            )
          : undefined
      const report = { ...note, ...(enlist.length > 0 && { enlist }), ...(ledger && { ledger }) }
      const answer = await answered(this.#host, this.#channel, report)
      if (answer === 'applied') return events.emit('call.corrected', { ref, jobId, index, ...learned })
      task = await storage.getTask(jobId, index)
    }
    throw new OutdialError('call_contended', 'Others kept correcting the record of this call. Send the event again.', {
      ref,
    })
  }
}
