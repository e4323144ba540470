import { type CallSpec, type LedgerEntry, parseRef } from 'outdial'
import { granted } from './exchanged.js'
import type { Grounds } from './grounds.js'
import { isOpenLocally } from './local-time.js'
import { START_WITHIN } from './placed-later.js'
import type { Check, Step } from './steps.js'

interface Known {
  spec: CallSpec
  /** Set by whoever stopped it, until somebody lets it go on. */
  stoppedAt?: number
  /** When it goes on by itself. */
  until?: number
}

/** G6: nothing is started outside the window, after the expiry, or after a stop was acknowledged. */
export class CheckPolicy implements Check {
  readonly #grounds: Grounds
  readonly #jobs: Map<string, Known> = new Map()
  readonly #specAtFence: Map<string, CallSpec> = new Map()

  constructor(grounds: Grounds) {
    this.#grounds = grounds
  }

  see(step: Step): void {
    if (step.kind === 'created') this.#jobs.set(step.job.id, { spec: JSON.parse(step.job.spec) as CallSpec })
    if (step.kind === 'controlled') {
      const known = this.#jobs.get(step.after.id) as Known
      known.spec = JSON.parse(step.after.spec) as CallSpec
      const { phase, timers } = step.after
      // It has gone on by itself since.
      if (step.at >= (known.until ?? Number.POSITIVE_INFINITY)) delete known.stoppedAt
      known.until = timers.start?.at ?? Number.POSITIVE_INFINITY
      if (phase.dialable || phase.state === 'scheduled') delete known.stoppedAt
      else known.stoppedAt ??= step.at
    }
    if (step.kind === 'exchanged') {
      for (const { ref, startAt } of granted(step)) this.#fenced(ref, startAt)
    }
    if (step.kind === 'carrier' && step.entry.kind === 'placed')
      this.#placed(step.entry, this.#grounds.transit(step.route))
  }

  #fenced(ref: string, startAt: number): void {
    const job = this.#jobOf(ref)
    if (!job) return
    if (job.stoppedAt !== undefined && startAt < (job.until ?? 0))
      this.#grounds.complain('G6', `fenced after a stop: ${ref}`)
    if (startAt >= (job.spec.expiresAt ?? Number.POSITIVE_INFINITY))
      this.#grounds.complain('G6', `granted after the expiry: ${ref}`)
    const contact = this.#grounds.contactOf(ref)
    if (contact && startAt < (contact.notBefore ?? 0)) this.#grounds.complain('G6', `granted before its time: ${ref}`)
    this.#inWindow(ref, job.spec, startAt, 'granted')
    this.#specAtFence.set(ref, job.spec)
  }

  #placed({ ref, at }: LedgerEntry, transit: number): void {
    const job = this.#jobOf(ref)
    const spec = this.#specAtFence.get(ref)
    if (!job || !spec) return
    const stopped = job.stoppedAt !== undefined && at < (job.until ?? 0)
    if (stopped && at > (job.stoppedAt as number) + START_WITHIN + transit)
      this.#grounds.complain('G6', `placed after a stop: ${ref}`)
    if (at >= (spec.expiresAt ?? Number.POSITIVE_INFINITY) + transit)
      this.#grounds.complain('G6', `placed after the expiry: ${ref}`)
    if (transit === 0) this.#inWindow(ref, spec, at, 'placed')
  }

  #inWindow(ref: string, spec: CallSpec, at: number, what: string): void {
    if (this.#isOpen(ref, spec, at)) return
    this.#grounds.complain('G6', `${what} outside the window, at ${new Date(at).toISOString()}: ${ref}`)
  }

  #isOpen(ref: string, { window, timezone }: CallSpec, at: number): boolean {
    const contact = this.#grounds.contactOf(ref)
    if (!window || !contact) return true
    return isOpenLocally(window.week, contact.timezone ?? window.timezone ?? timezone, at)
  }

  #jobOf(ref: string): Known | undefined {
    return this.#jobs.get(parseRef(ref)?.jobId ?? '')
  }
}
