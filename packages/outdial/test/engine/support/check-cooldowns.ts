import { type Contact, type CooldownOptions, type LedgerEntry, type NewJob, parseDuration, parseRef } from 'outdial'
import { START_WITHIN } from './placed-later.js'
import type { PlannedJob } from './plan.js'
import type { PolicyBook } from './policy-book.js'
import type { Check, Complain, Step } from './steps.js'

interface Known {
  readonly planned: PlannedJob
  /** Those that may have been in force since each call that is under way was granted. */
  readonly during: Map<string, (readonly CooldownOptions[])[]>
}

interface Rest {
  since: number
  until: number
  ref: string
}

/** Clocks of carriers and stores are read in whole milliseconds. */
const ROUNDING = 5

/**
 * Whoever was reached is left alone for as long as was said, by all campaigns of the organization: from the step in which the store hears
 * how the call ended, until the time counted from its end at the carrier is over. Of cool-downs that were changed meanwhile, the shortest counts.
 */
export class CheckCooldowns implements Check {
  readonly #complain: Complain
  readonly #book: PolicyBook
  readonly #planned: readonly PlannedJob[]
  readonly #transit: (route: string) => number
  readonly #jobs: Map<string, Known> = new Map()
  readonly #contacts: Map<string, Contact> = new Map()
  readonly #endedAt: Map<string, number> = new Map()
  readonly #rests: Map<string, Rest[]> = new Map()

  constructor(
    complain: Complain,
    book: PolicyBook,
    planned: readonly PlannedJob[],
    transit: (route: string) => number,
  ) {
    this.#complain = complain
    this.#book = book
    this.#planned = planned
    this.#transit = transit
  }

  see(step: Step): void {
    if (step.kind === 'created') this.#created(step.job)
    if (step.kind === 'asked' && 'cooldowns' in step.change) {
      const { of, cooldowns } = step.change
      for (const calls of this.#jobs.get(of.slice('cooldowns '.length))?.during.values() ?? []) calls.push(cooldowns)
    }
    if (step.kind === 'exchanged') {
      for (const [i, report] of step.request.reports.entries()) {
        if (report.kind !== 'close' || step.reply.reports[i] !== 'applied') continue
        if (report.placed) this.#ended(report.ref, report.outcome, step.at)
        this.#jobs.get(parseRef(report.ref)?.jobId ?? '')?.during.delete(report.ref)
      }
      for (const fenced of step.reply.fences) if (fenced.status === 'fenced') this.#fenced(fenced.ref, fenced.startAt)
      for (const { jobId, tasks } of step.reply.claims) {
        for (const { index, payload } of tasks) this.#contacts.set(`${jobId}:${index}`, JSON.parse(payload) as Contact)
      }
    }
    if (step.kind !== 'carrier') return
    const { entry, route } = step
    if (entry.kind === 'ended') this.#endedAt.set(entry.ref, entry.at)
    if (entry.kind === 'placed') this.#placed(entry, this.#transit(route))
  }

  #created(job: NewJob): void {
    const { name } = JSON.parse(job.spec) as { name: string }
    const planned = this.#planned.find(({ key }) => key === name)
    if (!planned) return
    this.#jobs.set(job.id, { planned, during: new Map() })
    const change = { of: `cooldowns ${job.id}`, cooldowns: planned.policy.cooldowns ?? [] } as const
    this.#book.ask(change)
    this.#book.hear(change)
  }

  #ended(ref: string, outcome: string, at: number): void {
    const job = this.#jobs.get(parseRef(ref)?.jobId ?? '')
    const during = job?.during.get(ref)
    const endedAt = this.#endedAt.get(ref)
    if (!during || endedAt === undefined) return
    for (const per of ['phone', 'externalId'] as const) {
      const wait = Math.min(...during.map((cooldowns) => longest(cooldowns, outcome, per)))
      const person = this.#person(ref, per)
      if (wait === 0 || person === undefined) continue
      this.#rests.set(person, [
        ...(this.#rests.get(person) ?? []),
        { since: at, until: endedAt + wait - ROUNDING, ref },
      ])
    }
  }

  #fenced(ref: string, startAt: number): void {
    const jobId = parseRef(ref)?.jobId ?? ''
    const inForce = this.#book.inForce(`cooldowns ${jobId}`).map(({ cooldowns }) => cooldowns)
    this.#jobs.get(jobId)?.during.set(ref, inForce)
    this.#look(ref, startAt, 0, 'granted')
  }

  #placed({ ref, at }: LedgerEntry, transit: number): void {
    this.#look(ref, at, START_WITHIN + transit, 'placed')
  }

  #look(ref: string, at: number, late: number, what: string): void {
    for (const per of ['phone', 'externalId'] as const) {
      const rests = this.#rests.get(this.#person(ref, per) ?? '') ?? []
      const broken = rests.find(({ since, until }) => at >= since + late && at < until)
      if (broken) this.#complain('G6', `${what} ${broken.until - at} ms before ${broken.ref} had rested: ${ref}`)
    }
  }

  #person(ref: string, per: 'phone' | 'externalId'): string | undefined {
    const { jobId = '', index } = parseRef(ref) ?? {}
    const id = this.#contacts.get(`${jobId}:${index}`)?.[per]
    return id === undefined ? undefined : `${this.#jobs.get(jobId)?.planned.organization} ${per} ${id}`
  }
}

function longest(cooldowns: readonly CooldownOptions[], outcome: string, per: 'phone' | 'externalId'): number {
  const waits = cooldowns
    .filter((one) => (one.per ?? 'phone') === per && one.after?.some((after) => after === outcome))
    .map(({ wait }) => parseDuration(wait, 'wait'))
  return Math.max(0, ...waits)
}
