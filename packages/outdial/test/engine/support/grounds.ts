import { type Contact, type NewJob, parseRef } from 'outdial'
import { START_WITHIN } from './placed-later.js'
import type { Plan, PlannedJob } from './plan.js'
import { PolicyBook, type PolicyChange } from './policy-book.js'
import type { Check, Complain, Step } from './steps.js'

/**
 * What those go by who judge limits that users change: what was planned, what was asked and heard since, and who was claimed. It sees
 * each step before they do.
 */
export class Grounds implements Check {
  readonly complain: Complain
  readonly book: PolicyBook = new PolicyBook()
  readonly #plan: Pick<Plan, 'jobs' | 'carriers'>
  readonly #contacts: Map<string, Contact> = new Map()

  constructor(complain: Complain, plan: Pick<Plan, 'jobs' | 'carriers'>) {
    this.complain = complain
    this.#plan = plan
  }

  see(step: Step): void {
    if (step.kind === 'asked') this.book.ask(step.change)
    if (step.kind === 'heard') this.book.hear(step.change)
    if (step.kind === 'refused') this.book.refuse(step.change)
    if (step.kind !== 'exchanged') return
    for (const { jobId, tasks } of step.reply.claims) {
      for (const { index, payload } of tasks) this.#contacts.set(`${jobId}:${index}`, JSON.parse(payload) as Contact)
    }
  }

  /** What a job was created with is in force from then on: asked and heard in one. */
  begin(change: PolicyChange): void {
    this.book.ask(change)
    this.book.hear(change)
  }

  /** The plan of a job that was created. */
  planOf(job: NewJob): PlannedJob | undefined {
    const { name } = JSON.parse(job.spec) as { name: string }
    return this.#plan.jobs.find(({ key }) => key === name)
  }

  /** Whom a call is to. */
  contactOf(ref: string): Contact | undefined {
    const parts = parseRef(ref)
    return parts && this.#contacts.get(`${parts.jobId}:${parts.index}`)
  }

  /** How long a request to a carrier is under way at most. */
  transit(route: string): number {
    return this.#plan.carriers.find(({ name }) => name === route)?.transit ?? 0
  }

  /** What may lie between a grant and the call, at most. */
  late(route: string): number {
    return START_WITHIN + this.transit(route)
  }
}
