import type { Counts } from 'outdial'
import type { Check, Complain, Step } from './steps.js'

const PARTS = [
  'fresh',
  'deferred',
  'claimed',
  'active',
  'unknown',
  'succeeded',
  'failed',
  'skipped',
  'canceled',
  'expired',
] as const
const ENDS = ['succeeded', 'failed', 'skipped', 'canceled', 'expired'] as const

/** G3: after every step the counters add up, agree with a recount, and never take back an end. */
export class CheckCounts implements Check {
  readonly #complain: Complain
  readonly #last: Map<string, Counts> = new Map()

  constructor(complain: Complain) {
    this.#complain = complain
  }

  see(step: Step): void {
    if (step.kind !== 'counted') return
    for (const { job, recount } of step.jobs) {
      const { counts } = job
      const sum = PARTS.reduce((total, part) => total + counts[part], 0)
      if (sum !== counts.total) this.#complain('G3', `${job.id}: ${sum} tasks counted, ${counts.total} accepted`)
      for (const part of PARTS) {
        if (counts[part] < 0) this.#complain('G3', `${job.id}: ${counts[part]} tasks are ${part}`)
        if (counts[part] !== recount.counts[part]) {
          this.#complain('G3', `${job.id}: counter of ${part} says ${counts[part]}, a recount ${recount.counts[part]}`)
        }
      }
      if (!sameNumbers(job.reasons, recount.reasons)) {
        this.#complain(
          'G3',
          `${job.id}: reasons ${JSON.stringify(job.reasons)}, a recount ${JSON.stringify(recount.reasons)}`,
        )
      }
      const last = this.#last.get(job.id)
      for (const end of ENDS) {
        if (last && counts[end] < last[end])
          this.#complain('G3', `${job.id}: ${last[end]} were ${end}, now ${counts[end]}`)
      }
      this.#last.set(job.id, counts)
    }
  }
}

function sameNumbers(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].every((name) => (a[name] ?? 0) === (b[name] ?? 0))
}
