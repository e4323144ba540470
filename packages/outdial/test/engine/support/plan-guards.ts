import type { CallerIdOptions, CooldownOptions, QuarantineOptions } from 'outdial'
import type { Draw } from './draw.js'
import type { PlannedCarrier, PlannedJob } from './plan.js'
import type { Action } from './plan-actions.js'
import { CALLER_IDS } from './plan-jobs.js'

/** What a job may spend. */
export interface PlannedBudget {
  total?: number | null | undefined
  perDay?: number | null | undefined
}

/** What engines of a run know of prices and of blocked numbers. */
export interface PlannedGuards {
  /** What a minute costs at most; every begun one is charged. Undefined: nobody knows. */
  perMinute?: number
  quarantine: QuarantineOptions
}

/** What one number of an organization may do. */
export interface NumberLimits {
  concurrency?: number | null | undefined
  perDay?: number | null | undefined
}

/** A change, in the middle, of what may be spent, of whom to leave alone, and of what goes out from a number. */
export type GuardDeed =
  | { do: 'budget'; job: number; budget: PlannedBudget }
  | { do: 'cooldowns'; job: number; cooldowns: readonly CooldownOptions[] }
  | { do: 'numbers'; organization: string; callerId: string; limits: NumberLimits }
  | { do: 'callerIds'; job: number; callerIds: CallerIdOptions }

/** No carrier of these runs takes more for a minute. */
const PER_MINUTE = [2, 6] as const

/** See {@link PlannedGuards}; none in a third of the runs. */
export function drawGuards(draw: Draw): PlannedGuards {
  return {
    ...(draw.chance(0.7) && { perMinute: draw.pick(PER_MINUTE) }),
    quarantine: { after: draw.int(1, 3), within: draw.pick(['10m', '1h']), for: draw.pick(['5m', '2h']) },
  }
}

/** A job with what guards money, people and numbers besides. */
export function guarded(draw: Draw, job: PlannedJob, { perMinute }: PlannedGuards): PlannedJob {
  const policy = {
    ...job.policy,
    ...(draw.chance(0.4) && { cooldowns: drawCooldowns(draw) }),
    ...(perMinute !== undefined && draw.chance(0.5) && { budget: drawBudget(draw) }),
    ...(draw.chance(0.5) && { callerIds: drawCallerIds(draw, job) }),
  }
  return { ...job, policy }
}

/** A carrier through which calls are now and then blocked by analytics. */
export function blocking(draw: Draw, carrier: PlannedCarrier): PlannedCarrier {
  if (!draw.chance(0.4)) return carrier
  const outcomes = { ...(carrier.options.outcomes as Record<string, number>), blocked: draw.pick([0.5, 3]) }
  return { ...carrier, options: { ...carrier.options, outcomes } }
}

interface About {
  jobs: readonly PlannedJob[]
  calmAt: number
  engines: number
  guards: PlannedGuards
}

/** Changes of them in the middle of a run; none in some runs. */
export function drawGuardChanges(draw: Draw, about: About): Action[] {
  const { calmAt, engines } = about
  return draw.list(draw.pick([0, 3, 10]), () => {
    const at = draw.chance(0.7) ? draw.int(0, Math.min(calmAt, 300_000)) : draw.int(0, calmAt)
    return { at, engine: draw.int(0, engines - 1), ...drawDeed(draw, about) }
  })
}

function drawDeed(draw: Draw, { jobs, guards }: About): GuardDeed {
  const job = draw.int(0, jobs.length - 1)
  const planned = jobs[job] as PlannedJob
  const roll = draw.int(0, 99)
  if (roll < 35 && guards.perMinute !== undefined) return { do: 'budget', job, budget: drawBudget(draw) }
  if (roll < 60) return { do: 'cooldowns', job, cooldowns: drawCooldowns(draw) }
  // A number that a job has alone is a gate of it: such a job has no pool to change.
  const hasPool = planned.policy.callerIds !== undefined || planned.from.length > 1
  if (roll < 75 && hasPool) return { do: 'callerIds', job, callerIds: drawCallerIds(draw, planned) }
  const { organization } = planned
  return { do: 'numbers', organization, callerId: draw.pick(CALLER_IDS), limits: drawLimits(draw) }
}

/** Small beside what a job of these runs costs. */
function drawBudget(draw: Draw): PlannedBudget {
  return {
    ...(draw.chance(0.8) && { total: draw.pick([null, 0, 12, 50, 100, 300]) }),
    ...(draw.chance(0.3) && { perDay: draw.pick([null, 12, 50, 150]) }),
  }
}

function drawCooldowns(draw: Draw): CooldownOptions[] {
  const after = draw.pick([
    ['answered'],
    ['no_answer', 'busy'],
    ['answered', 'voicemail'],
    ['rejected', 'busy'],
  ] as const)
  const cooldowns: CooldownOptions[] = [
    { after, wait: draw.pick(['30s', '4m', '20m', '2h']) },
    { after: ['answered'], wait: draw.pick(['1m', '1h']), per: 'externalId' },
  ]
  return cooldowns.filter(() => draw.chance(0.6))
}

function drawLimits(draw: Draw): NumberLimits {
  return {
    ...(draw.chance(0.6) && { concurrency: draw.pick([null, 1, 2, 5]) }),
    ...(draw.chance(0.6) && { perDay: draw.pick([null, 1, 4, 10]) }),
  }
}

function drawCallerIds(draw: Draw, { from }: PlannedJob): CallerIdOptions {
  return {
    ...drawLimits(draw),
    ...(draw.chance(0.3) && { numbers: { [draw.pick(from)]: drawLimits(draw) } }),
    order: draw.pick(['rotate', 'listed']),
    sticky: draw.chance(0.5),
    localPresence: draw.chance(0.3),
  }
}
