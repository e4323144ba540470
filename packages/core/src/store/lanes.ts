import type { JobEntry, LaneEntry } from './records.js'
import type { Workspace } from './workspace.js'

/** The lane of a task: sealing makes it before the task can be seen. */
export function laneOf(job: JobEntry, number: number): LaneEntry {
  return job.lanes.find(({ lane }) => lane === number) as LaneEntry
}

/** Whether a lane is open at `now`. */
export function isOpen(lane: LaneEntry, now: number): boolean {
  return closesAt(lane, now) !== undefined
}

/** When a lane that is open at `now` closes; `undefined` when it is closed. */
export function closesAt(lane: LaneEntry, now: number): number | undefined {
  const { open } = lane
  if (open === null) return Number.POSITIVE_INFINITY
  for (let i = 0; i + 1 < open.length; i += 2) {
    if (now < (open[i] as number)) return undefined
    if (now < (open[i + 1] as number)) return open[i + 1]
  }
  return undefined
}

/** When a lane is open next, from `now` on; `Infinity` when no interval is left: closed until the engine gives new ones. */
export function opensAt(lane: LaneEntry, now: number): number {
  const { open } = lane
  if (open === null) return now
  for (let i = 0; i + 1 < open.length; i += 2) {
    if (now < (open[i + 1] as number)) return Math.max(now, open[i] as number)
  }
  return Number.POSITIVE_INFINITY
}

/** Whether the cursor of a lane has fresh tasks before it (some of them may have ended meanwhile). */
export function hasFresh(lane: LaneEntry): boolean {
  return lane.range < lane.ranges.length
}

/** Moves the cursor and returns where it stood; `undefined` at the end. */
export function nextFresh(lane: LaneEntry): number | undefined {
  const range = lane.ranges[lane.range]
  if (!range) return undefined
  const index = lane.next++
  if (lane.next >= range.until) {
    lane.range++
    lane.next = lane.ranges[lane.range]?.from ?? 0
  }
  return index
}

/** Adds indexes to a lane, joining them to the last range when they follow it. */
export function addRange(lane: LaneEntry, from: number, until: number): void {
  const last = lane.ranges.at(-1)
  if (last && last.until === from && lane.range < lane.ranges.length) {
    last.until = until
    return
  }
  lane.ranges.push({ from, until })
  if (lane.range === lane.ranges.length - 1) lane.next = from
}

/** When a job's next task may be claimed, as far as its lanes know. */
export function nextWork(ws: Workspace, job: JobEntry): number {
  let next = Number.POSITIVE_INFINITY
  // In a swept job, and where single tasks were ended, the lanes still name tasks that do not wait any more.
  if (job.counts.fresh + job.counts.deferred === 0) return next
  for (const lane of job.lanes) {
    const work = hasFresh(lane) ? ws.now : ws.due(job, lane.lane).next
    if (work === Number.POSITIVE_INFINITY) continue
    next = Math.min(next, opensAt(lane, Math.max(work, ws.now)))
  }
  return next
}
