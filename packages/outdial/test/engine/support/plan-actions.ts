import type { Faults, LimitScope, ScopeLimits } from 'outdial'
import type { Draw } from './draw.js'
import type { PlannedCarrier, PlannedJob, PlannedPolicy, PlannedRow } from './plan.js'
import { drawFaults } from './plan-carriers.js'
import type { PolicyDeed } from './plan-changes.js'
import type { GuardDeed } from './plan-guards.js'
import { CALLER_IDS, drawPolicy, drawRow } from './plan-jobs.js'

/** Something that is done to the system while it runs. `job` and `engine` are positions. */
export type Action = { at: number; engine: number } & (Deed | PolicyDeed | GuardDeed)

type Deed =
  | { do: 'pause' | 'resume' | 'close' | 'create again' | 'append again'; job: number }
  | { do: 'cancel'; job: number; hangUp: boolean }
  | { do: 'reschedule'; job: number; in: number }
  | { do: 'append'; job: number; key: string; rows: readonly PlannedRow[] }
  | { do: 'update'; job: number; policy: PlannedPolicy }
  | { do: 'limits'; scope: Exclude<LimitScope, { job: string }>; limits: ScopeLimits }
  | { do: 'cancel task' | 'skip task'; job: number; index: number }
  | { do: 'faults'; carrier: string; faults: Faults }
  | { do: 'crash'; hard: boolean; downFor: number }
  | { do: 'stop'; drain: number; downFor: number }

/** The script of a run. */
export function drawActions(
  draw: Draw,
  jobs: readonly PlannedJob[],
  carriers: readonly PlannedCarrier[],
  calmAt: number,
  engines: number,
): Action[] {
  const actions = draw.list(draw.pick([0, 4, 12, 25]), (i) => ({
    at: draw.chance(0.5) ? draw.int(0, Math.min(calmAt, 300_000)) : draw.int(0, calmAt),
    engine: draw.int(0, engines - 1),
    ...drawDeed(draw, i, jobs, carriers, calmAt),
  }))
  return actions.sort((a, b) => a.at - b.at)
}

function drawDeed(
  draw: Draw,
  number: number,
  jobs: readonly PlannedJob[],
  carriers: readonly PlannedCarrier[],
  calmAt: number,
): Deed {
  const job = draw.int(0, jobs.length - 1)
  const { organization } = jobs[job] as PlannedJob
  const roll = draw.int(0, 99)
  if (roll < 8) return { do: 'pause', job }
  if (roll < 15) return { do: 'resume', job }
  if (roll < 21) return { do: 'cancel', job, hangUp: draw.chance(0.5) }
  if (roll < 23) return { do: 'close', job }
  if (roll < 26) return { do: 'reschedule', job, in: draw.int(-60, 1200) * 1000 }
  if (roll < 33) {
    const rows = draw.list(draw.int(1, 8), () => drawRow(draw, 0, 0)).map(({ notBefore: _, ...row }) => row)
    return { do: 'append', job, key: `append ${number}`, rows }
  }
  if (roll < 37) return { do: draw.pick(['create again', 'append again'] as const), job }
  if (roll < 52) return { do: 'update', job, policy: drawPolicy(draw, false) }
  if (roll < 67) return { do: 'limits', scope: drawScope(draw, organization, carriers), limits: drawLimits(draw) }
  if (roll < 73) return { do: draw.pick(['cancel task', 'skip task'] as const), job, index: draw.int(0, 12) }
  if (roll < 80) {
    const carrier = draw.pick(carriers)
    return { do: 'faults', carrier: carrier.name, faults: drawFaults(draw, carrier.transit) }
  }
  const downFor = draw.pick([0, 1000, 20_000, 300_000, Math.floor(calmAt / 2)])
  if (roll < 95) return { do: 'crash', hard: draw.chance(0.7), downFor }
  return { do: 'stop', drain: draw.pick([0, 5000, 120_000]), downFor }
}

function drawScope(
  draw: Draw,
  organization: string,
  carriers: readonly PlannedCarrier[],
): Exclude<LimitScope, { job: string }> {
  return draw.pick([
    { organization },
    { organization, callerId: draw.pick(CALLER_IDS) },
    { route: draw.pick(carriers).name },
    { everything: true },
  ] as const)
}

function drawLimits(draw: Draw): ScopeLimits {
  const slots = draw.chance(0.8) && { concurrency: draw.pick([null, 1, 2, 4, 10]) }
  const pace = draw.chance(0.4) && { cps: draw.pick([null, 0.5, 2, 8]), burst: draw.pick([1, 1, 3]) }
  // A burst is of a pace: there is none where that is taken away.
  return { ...slots, ...(pace && (pace.cps === null ? { cps: null } : pace)) }
}
