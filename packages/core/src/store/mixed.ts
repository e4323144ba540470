import { nextFresh } from './lanes.js'
import { move } from './moves.js'
import { CLAIMED, DEFERRED, FRESH } from './places.js'
import type { JobEntry, LaneEntry } from './records.js'
import type { Tasks, TimeQueue, Workspace } from './workspace.js'

/**
 * Claims tasks of a lane while those never claimed have a share of the claims. Each claim that either could have owes them
 * their share, and is theirs as soon as they are owed a whole one: so they are mixed as evenly as whole tasks can be.
 */
export function takeMixed(
  ws: Workspace,
  job: JobEntry,
  lane: LaneEntry,
  share: number,
  max: number,
  indexes: number[],
): void {
  const tasks = ws.tasks(job)
  const due = ws.due(job, lane.lane)
  let again = nextDue(tasks, due, ws.now)
  while (indexes.length < max) {
    const fresh = firstFresh(lane, tasks)
    if (again === undefined && fresh === undefined) break
    let takesFresh = again === undefined
    if (again !== undefined && fresh !== undefined) {
      const owed = (lane.owed ?? 0) + share
      takesFresh = owed >= 1
      lane.owed = takesFresh ? owed - 1 : owed
    }
    const index = (takesFresh ? nextFresh(lane) : again) as number
    move(job, tasks, index, CLAIMED)
    indexes.push(index)
    if (!takesFresh) again = nextDue(tasks, due, ws.now)
  }
  if (again !== undefined) due.add(tasks.waitUntil(again), again)
}

/** Takes the next task that is due; others may have ended, or wait for a later time now. */
function nextDue(tasks: Tasks, due: TimeQueue<number>, now: number): number | undefined {
  for (let index = due.take(now); index !== undefined; index = due.take(now)) {
    if (tasks.place(index) === DEFERRED && tasks.waitUntil(index) <= now) return index
  }
  return undefined
}

/** Moves the cursor to the next task that was never claimed, and leaves it there. */
function firstFresh(lane: LaneEntry, tasks: Tasks): number | undefined {
  while (lane.range < lane.ranges.length) {
    if (tasks.place(lane.next) === FRESH) return lane.next
    nextFresh(lane)
  }
  return undefined
}
