import { type Limit, type LimitRule, type NewJob, parseRef } from 'outdial'
import { granted } from './exchanged.js'
import type { Check, Complain, Step } from './steps.js'

interface Starts {
  rate: number
  burst: number
  at: number[]
}

/** G4 and G5: what is held and what is started stays within the limits that are in force. */
export class CheckLimits implements Check {
  readonly #complain: Complain
  readonly #limits: Map<string, { revision: number; rule: LimitRule }> = new Map()
  readonly #held: Map<string, number> = new Map()
  readonly #holds: Map<string, Readonly<Record<string, number>>> = new Map()
  readonly #jobs: Map<string, NewJob> = new Map()
  readonly #starts: Map<string, Starts> = new Map()

  constructor(complain: Complain) {
    this.#complain = complain
  }

  see(step: Step): void {
    if (step.kind === 'created') {
      this.#jobs.set(step.job.id, step.job)
      this.#set(step.job.limits)
    }
    if (step.kind === 'controlled' || step.kind === 'limited') this.#set(step.limits)
    if (step.kind === 'exchanged') {
      for (const { ref, startAt, choice, fence } of granted(step)) {
        const job = this.#jobs.get(parseRef(ref)?.jobId ?? '')
        const rates = [
          ...(job?.gates ?? []).map(({ rate }) => rate),
          ...(fence.anyOf[choice] ?? []).map(({ key }) => key),
        ]
        for (const rate of rates) this.#start(rate, startAt)
      }
    }
    if (step.kind === 'counted') {
      for (const { job, recount } of step.jobs) this.#holds.set(job.id, recount.holds)
      this.#count([...this.#holds.values()])
    }
  }

  #set(limits: readonly Limit[]): void {
    for (const { key, revision, ...rule } of limits) {
      const known = this.#limits.get(key)
      if (known && known.revision >= revision) continue
      this.#limits.set(key, { revision, rule: rule as LimitRule })
      if (!('rate' in rule)) {
        this.#starts.delete(key)
        continue
      }
      const starts = this.#starts.get(key)
      if (!starts) this.#starts.set(key, { rate: rule.rate, burst: rule.burst, at: [] })
      else Object.assign(starts, { rate: Math.max(starts.rate, rule.rate), burst: Math.max(starts.burst, rule.burst) })
    }
  }

  /** With a limit that was changed, the widest that was in force since it was set counts. */
  #start(key: string, startAt: number): void {
    const starts = this.#starts.get(key)
    if (!starts) return
    const { at, rate, burst } = starts
    at.push(startAt)
    for (let i = Math.max(0, at.length - 60); i < at.length - 1; i++) {
      const span = startAt - (at[i] as number)
      const n = at.length - i
      if (n > (rate * span) / 1000 + burst + 1e-4) {
        this.#complain('G5', `${key}: ${n} starts within ${span} ms at ${rate} per second, burst ${burst}`)
        return
      }
    }
  }

  #count(holds: readonly Readonly<Record<string, number>>[]): void {
    const sums = new Map<string, number>()
    for (const job of holds) for (const [key, n] of Object.entries(job)) sums.set(key, (sums.get(key) ?? 0) + n)
    for (const [key, n] of sums) {
      const rule = this.#limits.get(key)?.rule
      // More than a limit that was lowered may be held, but nothing may be added to it.
      if (rule && 'slots' in rule && n > rule.slots && n > (this.#held.get(key) ?? 0)) {
        this.#complain('G4', `${key}: ${n} held, limit ${rule.slots}, before ${this.#held.get(key) ?? 0}`)
      }
    }
    this.#held.clear()
    for (const [key, n] of sums) this.#held.set(key, n)
  }
}
