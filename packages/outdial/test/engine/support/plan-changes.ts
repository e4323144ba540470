import type { CapOptions } from 'outdial'
import type { Draw } from './draw.js'
import type { PlannedJob, PlannedWindow } from './plan.js'
import type { Action } from './plan-actions.js'
import { AREAS, LAST_NUMBER, numberOf, ZONES } from './plan-jobs.js'

/** Whose list; a job by its position. */
export type PlannedScope = { job: number } | { organization: string } | { everything: true }

/** A change, in the middle, of who may be called, when, and how often. */
export type PolicyDeed =
  | { do: 'suppress' | 'allow'; scope: PlannedScope; numbers: readonly string[] }
  | { do: 'window'; job: number; window: PlannedWindow | null }
  | { do: 'caps'; job: number; caps: readonly CapOptions[] }

interface About {
  jobs: readonly PlannedJob[]
  calmAt: number
  engines: number
  start: number
}

/** Changes of policy in the middle of a run; none in some runs, many in others. */
export function drawChanges(draw: Draw, { jobs, calmAt, engines, start }: About): Action[] {
  return draw.list(draw.pick([0, 3, 10, 20]), () => {
    // Most of what is called is called in the first minutes.
    const at = draw.chance(0.7) ? draw.int(0, Math.min(calmAt, 300_000)) : draw.int(0, calmAt)
    return { at, engine: draw.int(0, engines - 1), ...drawDeed(draw, jobs, start + at) }
  })
}

function drawDeed(draw: Draw, jobs: readonly PlannedJob[], now: number): PolicyDeed {
  const job = draw.int(0, jobs.length - 1)
  const roll = draw.int(0, 99)
  if (roll < 50) {
    const { organization } = jobs[job] as PlannedJob
    const scope = draw.pick<PlannedScope>([{ job }, { organization }, { everything: true }])
    const numbers = draw.list(draw.pick([1, 5, 40]), () => numberOf(draw.pick(AREAS), draw.int(0, LAST_NUMBER)))
    return { do: draw.chance(0.7) ? 'suppress' : 'allow', scope, numbers }
  }
  if (roll < 75) return { do: 'window', job, window: draw.chance(0.3) ? null : drawWindow(draw, now) }
  return { do: 'caps', job, caps: drawCaps(draw) }
}

/** Hours around now, in the zone that most read them in: they have just closed, are about to, or are about to open. */
function drawWindow(draw: Draw, now: number): PlannedWindow {
  const clock = Math.floor(now / 60_000) % 1440
  const from = Math.min(1430, Math.max(0, clock + draw.pick([-60, -5, 0, 1, 2, 30])))
  const until = Math.min(1440, from + draw.pick([1, 3, 10, 240]))
  const timezone = draw.maybe(0.3, () => draw.pick(ZONES))
  return {
    hours: [[timeOfDay(from), timeOfDay(until)]],
    days: [0, 1, 2, 3, 4, 5, 6],
    timezone: timezone ?? 'UTC',
  }
}

function timeOfDay(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

function drawCaps(draw: Draw): CapOptions[] {
  const caps: CapOptions[] = [
    { per: 'phone', max: draw.int(1, 2), within: '1h' },
    { per: 'phone', max: draw.int(1, 3), within: '10m' },
    { per: 'externalId', max: draw.int(1, 2), within: '30m' },
  ]
  return caps.filter(() => draw.chance(0.4))
}
