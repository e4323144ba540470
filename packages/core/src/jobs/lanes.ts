import { DAY } from '../policy/duration.js'
import { windowsIn } from '../policy/rules/areas.js'
import { nextOpen, openIntervals } from '../policy/window.js'
import { defaultZone } from '../policy/zones.js'
import type { LaneUpdate } from '../ports/storage-jobs.js'
import { ANY_ZONE, DEFAULT_ZONE, type LanedJob, readLaneName } from './lane-names.js'

/** Opening times are given to the store so far ahead; it treats what lies beyond as closed. */
const HORIZON: number = 8 * DAY
/** What is left when they are given anew. */
export const REFRESH_BELOW: number = 3 * DAY
/** An opening longer ago than this is over for all slices. */
const LONGEST_SPREAD: number = DAY

/**
 * A lane with its opening times from `now` on; after a long closure those that follow it. Where its contacts are in different zones, or in areas
 * that it does not know of, it is open more often than they are: each is decided about before it is dialed in any case.
 */
export function laneAt(lane: number, name: string, job: LanedJob | null, now: number): LaneUpdate {
  const { zones: own, priority, areas, slice, slices } = readLaneName(name)
  const windows = job === null ? [] : windowsIn(job, areas)
  if (job === null || windows.length === 0 || own === ANY_ZONE) return { lane, name, priority, open: null }
  const zones = own === DEFAULT_ZONE ? defaultZone(job) : own
  const until = (nextOpen(windows, zones, now) ?? now) + HORIZON
  const { spread = 0 } = job
  if (spread * slice === 0) return { lane, name, priority, open: openIntervals(windows, zones, now, until) }
  const open = later(openIntervals(windows, zones, now - LONGEST_SPREAD, until), slice / slices, spread)
  return { lane, name, priority, open: since(open, now) }
}

/** The same intervals, each beginning later by a fraction of the spread, or of itself where it is shorter. */
function later(open: readonly number[], fraction: number, spread: number): number[] {
  return open.map((at, i) =>
    i % 2 === 1 ? at : at + Math.floor(Math.min(spread, (open[i + 1] as number) - at) * fraction),
  )
}

/** What of them is after an instant. */
function since(open: readonly number[], now: number): number[] {
  const left: number[] = []
  for (let i = 0; i + 1 < open.length; i += 2) {
    const [from, until] = [open[i] as number, open[i + 1] as number]
    if (until > now) left.push(Math.max(from, now), until)
  }
  return left
}

/** Numbers lanes: names already known keep theirs. */
export class LaneBook {
  readonly #lanes: Map<string, LaneUpdate> = new Map()
  readonly #job: LanedJob
  readonly #now: number

  constructor(known: readonly LaneUpdate[], job: LanedJob, now: number) {
    for (const lane of known) this.#lanes.set(lane.name, lane)
    this.#job = job
    this.#now = now
  }

  lane(name: string): LaneUpdate {
    let lane = this.#lanes.get(name)
    if (!lane) {
      lane = laneAt(this.#lanes.size, name, this.#job, this.#now)
      this.#lanes.set(name, lane)
    }
    return lane
  }
}
