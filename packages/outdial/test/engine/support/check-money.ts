import { type CallSpec, type LedgerEntry, type NewJob, parseRef } from 'outdial'
import { closed, granted } from './exchanged.js'
import type { Grounds } from './grounds.js'
import { localDate } from './local-time.js'
import { PlacedLater } from './placed-later.js'
import type { Plan, PlannedJob } from './plan.js'
import type { PlannedBudget } from './plan-guards.js'
import type { PolicyChange } from './policy-book.js'
import type { Check, Step } from './steps.js'

interface Call {
  readonly jobId: string
  /** The day on which it was granted, where the job is. */
  readonly date: string
  /** What it may cost at most, by how long it might last when it was granted. */
  readonly worst: number
  readonly perMinute: number
  placed: boolean
  /** The store has heard that it is over. */
  closed: boolean
  answeredAt?: number
  /** By the carrier's price for as long as was talked; undefined until it is over at the carrier. */
  cost?: number
}

interface Job {
  readonly planned: PlannedJob
  spec: CallSpec
  readonly calls: Map<string, Call>
}

type Span = keyof PlannedBudget
const SPANS: readonly Span[] = ['total', 'perDay']
const MINUTE = 60_000

/**
 * No job spends more than it may: what its calls have cost at the carrier, with what those that are under way may cost at most, is within
 * the budget when a call is granted, and when it is placed. A lowered budget takes nothing back.
 */
export class CheckMoney implements Check {
  readonly #grounds: Grounds
  readonly #worstPerMinute: number | undefined
  readonly #perMinute: ReadonlyMap<string, number>
  readonly #jobs: Map<string, Job> = new Map()
  readonly #calls: Map<string, Call> = new Map()
  readonly #later: Readonly<Record<Span, PlacedLater<string>>> = { total: new PlacedLater(), perDay: new PlacedLater() }

  constructor(grounds: Grounds, { carriers, guards }: Pick<Plan, 'carriers' | 'guards'>) {
    this.#grounds = grounds
    this.#worstPerMinute = guards.perMinute
    this.#perMinute = new Map(carriers.map(({ name, options }) => [name, options.costPerMinute ?? 2]))
  }

  see(step: Step): void {
    if (this.#worstPerMinute === undefined) return
    if (step.kind === 'created') this.#created(step.job)
    if (step.kind === 'controlled') {
      const job = this.#jobs.get(step.after.id)
      if (job) job.spec = JSON.parse(step.after.spec) as CallSpec
    }
    if (step.kind === 'asked' && 'most' in step.change) this.#widened(step.change.of, step.change.most)
    if (step.kind === 'exchanged') {
      for (const { ref } of closed(step)) {
        const call = this.#calls.get(ref)
        if (call) call.closed = true
      }
      for (const { ref, startAt } of granted(step)) this.#fenced(ref, startAt)
    }
    if (step.kind === 'carrier') this.#carrier(step.entry)
  }

  #created(job: NewJob): void {
    const planned = this.#grounds.planOf(job)
    if (!planned) return
    this.#jobs.set(job.id, { planned, spec: JSON.parse(job.spec) as CallSpec, calls: new Map() })
    for (const change of budgetChanges(job.id, planned.policy.budget ?? {})) this.#grounds.begin(change)
  }

  #fenced(ref: string, startAt: number): void {
    const jobId = parseRef(ref)?.jobId ?? ''
    const job = this.#jobs.get(jobId)
    if (!job) return
    const { planned, spec, calls } = job
    const call: Call = {
      jobId,
      date: localDate(planned.timezone, startAt),
      worst: Math.max(1, Math.ceil(spec.maxDuration / MINUTE)) * (this.#worstPerMinute as number),
      perMinute: this.#perMinute.get(planned.carrier) ?? 0,
      placed: false,
      closed: false,
    }
    calls.set(ref, call)
    this.#calls.set(ref, call)
    for (const span of SPANS) {
      const most = this.#most(jobId, span)
      this.#later[span].granted(ref, jobId, most)
      // What the store takes for over has cost what it has cost at the carrier; the rest may cost the worst.
      const used = sum(calls, span, call.date, (one) => (one.closed ? (one.cost ?? 0) : one.worst))
      if (used > most) this.#grounds.complain('G6', `granted with ${used} spent or at stake, ${span} ${most}: ${ref}`)
    }
  }

  #carrier({ kind, ref, at, detail }: LedgerEntry): void {
    const call = this.#calls.get(ref)
    if (!call) return
    if (kind === 'answered') call.answeredAt = at
    if (kind === 'ended') call.cost = costOf(call, at, detail)
    if (kind !== 'placed') return
    call.placed = true
    const { calls } = this.#jobs.get(call.jobId) as Job
    for (const span of SPANS) {
      const most = this.#later[span].allowed(ref)
      const used = sum(calls, span, call.date, (one) => (one.placed ? (one.cost ?? one.worst) : 0))
      if (used > most) this.#grounds.complain('G6', `placed with ${used} spent or at stake, ${span} ${most}: ${ref}`)
    }
  }

  #widened(what: string, most: number | null): void {
    for (const span of SPANS) {
      this.#later[span].widened((jobId) => what === `budget ${span} ${jobId}`, most ?? Number.POSITIVE_INFINITY)
    }
  }

  #most(jobId: string, span: Span): number {
    const budgets = this.#grounds.book
      .inForce(`budget ${span} ${jobId}`)
      .map(({ most }) => most ?? Number.POSITIVE_INFINITY)
    return budgets.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...budgets)
  }
}

/** What is asked when a job gets a budget, a part of it or none. */
export function budgetChanges(jobId: string, budget: PlannedBudget | null): PolicyChange[] {
  return SPANS.flatMap((span): PolicyChange[] => {
    const most = budget === null ? null : budget[span]
    return most === undefined ? [] : [{ of: `budget ${span} ${jobId}`, most }]
  })
}

/** Every begun minute is charged; who did not answer costs nothing. */
function costOf({ answeredAt, perMinute }: Call, at: number, outcome: string | undefined): number {
  if (answeredAt === undefined || outcome === undefined) return 0
  return Math.max(1, Math.ceil((at - answeredAt) / MINUTE)) * perMinute
}

function sum(calls: ReadonlyMap<string, Call>, span: Span, date: string, of: (call: Call) => number): number {
  let total = 0
  for (const call of calls.values()) if (span === 'total' || call.date === date) total += of(call)
  return total
}
