import type { CallingWindow } from '../policy/calling-window.js'
import { nextOpen, openIntervals, windowZone } from '../policy/window.js'
import type { LaneUpdate } from '../ports/storage-jobs.js'

const DAY = 86_400_000
/** Opening times are given to the store so far ahead; it treats what lies beyond as closed. */
const HORIZON: number = 8 * DAY
/** What is left when they are given anew. */
export const REFRESH_BELOW: number = 3 * DAY

/** The zone in a lane's name when its contacts have none of their own: that of the window or the job, whatever it becomes. */
export const DEFAULT_ZONE = '*'

/** What says when a job's contacts may be called: its spec. */
interface Hours {
  readonly window: CallingWindow | null
  readonly timezone: string
}

/** The class of a contact: its own zone or {@link DEFAULT_ZONE}, and priority. Also without a window: one may be set later. */
export function laneName(zone: string, priority: number): string {
  return `${zone}|${priority}`
}

/** The zone and priority of a lane's name. */
function readLaneName(name: string): { zone: string; priority: number } {
  const [zone, priority] = name.split('|') as [string, string]
  return { zone, priority: Number(priority) }
}

/** A lane with its opening times from `now` on; after a long closure those that follow it. */
export function laneAt(lane: number, name: string, hours: Hours | null, now: number): LaneUpdate {
  const { zone: own, priority } = readLaneName(name)
  if (!hours?.window) return { lane, name, priority, open: null }
  const { window, timezone } = hours
  const zone = windowZone(window, own === DEFAULT_ZONE ? undefined : own, timezone)
  const first = nextOpen(window, zone, now) ?? now
  return { lane, name, priority, open: openIntervals(window, zone, now, first + HORIZON) }
}

/** Numbers lanes: names already known keep theirs. */
export class LaneBook {
  readonly #lanes: Map<string, LaneUpdate> = new Map()
  readonly #hours: Hours
  readonly #now: number

  constructor(known: readonly LaneUpdate[], hours: Hours, now: number) {
    for (const lane of known) this.#lanes.set(lane.name, lane)
    this.#hours = hours
    this.#now = now
  }

  lane(name: string): LaneUpdate {
    let lane = this.#lanes.get(name)
    if (!lane) {
      lane = laneAt(this.#lanes.size, name, this.#hours, this.#now)
      this.#lanes.set(name, lane)
    }
    return lane
  }
}
