import { type CooldownOptions, type NewJob, parseDuration, parseRef } from 'outdial'
import { closed, granted } from './exchanged.js'
import type { Grounds } from './grounds.js'
import type { PlannedJob } from './plan.js'
import type { Check, Step } from './steps.js'

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
  readonly #grounds: Grounds
  readonly #jobs: Map<string, Known> = new Map()
  readonly #endedAt: Map<string, number> = new Map()
  readonly #rests: Map<string, Rest[]> = new Map()

  constructor(grounds: Grounds) {
    this.#grounds = grounds
  }

  see(step: Step): void {
    if (step.kind === 'created') this.#created(step.job)
    if (step.kind === 'asked' && 'cooldowns' in step.change) {
      const { of, cooldowns } = step.change
      for (const calls of this.#jobs.get(of.slice('cooldowns '.length))?.during.values() ?? []) calls.push(cooldowns)
    }
    if (step.kind === 'exchanged') {
      for (const { ref, placed, outcome } of closed(step)) {
        if (placed) this.#ended(ref, outcome, step.at)
        this.#jobs.get(parseRef(ref)?.jobId ?? '')?.during.delete(ref)
      }
      for (const { ref, startAt } of granted(step)) this.#fenced(ref, startAt)
    }
    if (step.kind !== 'carrier') return
    const { entry, route } = step
    if (entry.kind === 'ended') this.#endedAt.set(entry.ref, entry.at)
    if (entry.kind === 'placed') this.#look(entry.ref, entry.at, this.#grounds.late(route), 'placed')
  }

  #created(job: NewJob): void {
    const planned = this.#grounds.planOf(job)
    if (!planned) return
    this.#jobs.set(job.id, { planned, during: new Map() })
    this.#grounds.begin({ of: `cooldowns ${job.id}`, cooldowns: planned.policy.cooldowns ?? [] })
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
    const inForce = this.#grounds.book.inForce(`cooldowns ${jobId}`).map(({ cooldowns }) => cooldowns)
    this.#jobs.get(jobId)?.during.set(ref, inForce)
    this.#look(ref, startAt, 0, 'granted')
  }

  #look(ref: string, at: number, late: number, what: string): void {
    for (const per of ['phone', 'externalId'] as const) {
      const rests = this.#rests.get(this.#person(ref, per) ?? '') ?? []
      const broken = rests.find(({ since, until }) => at >= since + late && at < until)
      if (broken)
        this.#grounds.complain('G6', `${what} ${broken.until - at} ms before ${broken.ref} had rested: ${ref}`)
    }
  }

  #person(ref: string, per: 'phone' | 'externalId'): string | undefined {
    const id = this.#grounds.contactOf(ref)?.[per]
    const job = this.#jobs.get(parseRef(ref)?.jobId ?? '')
    return id === undefined ? undefined : `${job?.planned.organization} ${per} ${id}`
  }
}

function longest(cooldowns: readonly CooldownOptions[], outcome: string, per: 'phone' | 'externalId'): number {
  const waits = cooldowns
    .filter((one) => (one.per ?? 'phone') === per && one.after?.some((after) => after === outcome))
    .map(({ wait }) => parseDuration(wait, 'wait'))
  return Math.max(0, ...waits)
}
