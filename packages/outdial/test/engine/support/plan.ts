import type { CallPolicyOptions, Faults, SimulatedCarrierOptions } from 'outdial'
import { Draw } from './draw.js'
import { type Action, drawActions } from './plan-actions.js'
import { drawCarrier } from './plan-carriers.js'
import { drawChanges } from './plan-changes.js'
import { blocking, drawGuardChanges, drawGuards, guarded, type PlannedGuards } from './plan-guards.js'
import { drawJob } from './plan-jobs.js'

const SECOND = 1000
const MINUTE: number = 60 * SECOND

/** A calling window as both the engine and the judge read it: the same hours on some days of the week (0 is Monday). */
export interface PlannedWindow {
  hours: readonly (readonly [start: string, end: string])[]
  days: readonly number[]
  timezone?: string
}

export interface PlannedRow {
  phone: string
  externalId?: string
  priority?: number
  timezone?: string
  attempts?: number
  notBefore?: number
  callerId?: string
}

/** Policy of a job; `window` apart, because the judge has to understand it on its own. */
export type PlannedPolicy = Omit<CallPolicyOptions, 'window'> & { window?: PlannedWindow | null }

export interface PlannedJob {
  key: string
  organization: string
  carrier: string
  from: readonly string[]
  rows: readonly PlannedRow[]
  policy: PlannedPolicy
  timezone: string
  /** Milliseconds after the start of the run. */
  createAt: number
  start: 'now' | 'draft' | number
  review: boolean
  keepOpen: boolean
  expiresAt?: number
}

export interface PlannedCarrier {
  name: string
  options: SimulatedCarrierOptions & { faults: Faults }
  /** At most so long between the writing of a request and its arrival. */
  transit: number
}

/** What goes wrong between an engine and its store. */
export interface StorageTrouble {
  failBefore: number
  failAfter: number
  sendTwice: number
  latency: number
  /** Probability and length of a reply that takes very long. */
  late: number
  lateBy: number
  failRead: number
}

export interface Plan {
  seed: number
  start: number
  engines: number
  carriers: readonly PlannedCarrier[]
  jobs: readonly PlannedJob[]
  actions: readonly Action[]
  guards: PlannedGuards
  trouble: StorageTrouble
  placeAtOnce: number
  /** Reports, fences and claims that the store takes in one exchange. */
  batch: number
  /** From then on nothing is done to it any more but to let it finish, and no fault is added. */
  calmAt: number
}

/** Winter, the days on which American and European clocks change (both ways), and a leap day. */
const STARTS = [
  Date.UTC(2027, 0, 4, 14),
  Date.UTC(2027, 2, 14, 5, 30),
  Date.UTC(2027, 2, 28, 0, 10),
  Date.UTC(2027, 10, 7, 4, 45),
  Date.UTC(2028, 1, 29, 21),
] as const

/** Everything about a run, from its seed. */
export function drawPlan(seed: number): Plan {
  const draw = new Draw(`plan ${seed}`)
  const start = draw.pick(STARTS) + draw.int(0, 90) * MINUTE
  const carriers = draw.list(draw.int(1, 2), (i) => drawCarrier(draw, seed, i))
  const calmAt = draw.int(20, 120) * MINUTE
  const jobs = draw.list(draw.int(1, 4), (i) => drawJob(draw, i, carriers, start, calmAt))
  const engines = draw.chance(0.35) ? 2 : 1
  const troubled = draw.chance(0.6)
  const trouble: StorageTrouble = {
    failBefore: troubled ? draw.pick([0, 0.01, 0.05]) : 0,
    failAfter: troubled ? draw.pick([0, 0.01, 0.05]) : 0,
    sendTwice: troubled ? draw.pick([0, 0.05]) : 0,
    latency: troubled ? draw.pick([0, 5, 80, 400]) : 0,
    late: troubled ? draw.pick([0, 0.01]) : 0,
    lateBy: draw.pick([2500, 8000, 15_000]),
    failRead: troubled ? draw.pick([0, 0.03]) : 0,
  }
  const placeAtOnce = draw.pick([1, 4, 64])
  const others = drawActions(draw, jobs, carriers, calmAt, engines)
  const batch = draw.pick([1, 2, 7, 32, 256])
  // From chances of their own, so that a seed means the same with and without them.
  const changes = drawChanges(new Draw(`changes ${seed}`), { jobs, calmAt, engines, start })
  const guarding = new Draw(`guards ${seed}`)
  const guards = drawGuards(guarding)
  const safe = jobs.map((job) => guarded(guarding, job, guards))
  const blocked = carriers.map((carrier) => blocking(guarding, carrier))
  const guardChanges = drawGuardChanges(guarding, { jobs: safe, calmAt, engines, guards })
  const actions = [...others, ...changes, ...guardChanges].sort((a, b) => a.at - b.at)
  return { seed, start, engines, carriers: blocked, jobs: safe, actions, guards, trouble, placeAtOnce, batch, calmAt }
}
