import type { ClaimedGroup, ClaimedTask, ClaimRequest } from '../ports/storage-exchange.js'
import { charge, jobWaker, routeWaker, unready, wakeAt } from './fair-order.js'
import { admitted, reserve, setAside } from './gates.js'
import { isOpen, nextFresh, nextWork } from './lanes.js'
import { takeMixed } from './mixed.js'
import { move } from './moves.js'
import { enter } from './phases.js'
import { CLAIMED, DEFERRED, FRESH } from './places.js'
import type { JobEntry } from './records.js'
import type { Workspace } from './workspace.js'

/** Claims given to one job before the next in order has its turn: fair to the quantum, and cheap. */
const QUANTUM = 32

/** Jobs that one claim takes out of the order because they have nothing to give: a step must stay short. */
const SET_ASIDE = 64

/** Claims tasks of a route in weighted fair order, as far as gates and lanes allow. */
export function claim(ws: Workspace, request: ClaimRequest, claimed: ClaimedGroup[]): void {
  const organizations = ws.organizations(request.route)
  let left = request.max
  let looks = SET_ASIDE
  while (left > 0) {
    const organization = organizations.first()
    if (!organization) break
    const first = ws.jobs(request.route, organization.member).first()
    if (!first) {
      organizations.delete(organization.member)
      continue
    }
    const job = ws.job(first.member) as JobEntry
    // The others have their turn a moment later: whoever waits for work hears of it.
    if (looks === 0) return wakeAt(ws, routeWaker(job), ws.now + 1)
    const { n, blocked } = admitted(ws, job, Math.min(left, QUANTUM))
    if (blocked) {
      looks -= 1
      setAside(ws, job, blocked.gate, blocked.until)
      if (blocked.gate.blocks === 'route') return
      continue
    }
    const tasks = takeTasks(ws, job, n, request.leaseMs, claimed)
    if (tasks === 0) {
      looks -= 1
      rest(ws, job)
      continue
    }
    charge(ws, job, tasks)
    left -= tasks
  }
}

/** Takes a job with nothing to claim out of the order until it has. */
function rest(ws: Workspace, job: JobEntry): void {
  unready(ws, job)
  const next = nextWork(ws, job)
  if (next < Number.POSITIVE_INFINITY) wakeAt(ws, jobWaker(job), Math.max(next, ws.now + 1))
}

function takeTasks(ws: Workspace, job: JobEntry, max: number, leaseMs: number, claimed: ClaimedGroup[]): number {
  const tasks = ws.tasks(job)
  const indexes: number[] = []
  for (const lane of job.lanes) {
    if (indexes.length === max) break
    if (!isOpen(lane, ws.now)) continue
    if (job.freshShare !== undefined) {
      takeMixed(ws, job, lane, job.freshShare, max, indexes)
      continue
    }
    const due = ws.due(job, lane.lane)
    while (indexes.length < max) {
      const index = due.take(ws.now)
      if (index === undefined) break
      if (tasks.place(index) === DEFERRED && tasks.waitUntil(index) <= ws.now) {
        move(job, tasks, index, CLAIMED)
        indexes.push(index)
      }
    }
    while (indexes.length < max) {
      const index = nextFresh(lane)
      if (index === undefined) break
      if (tasks.place(index) === FRESH) {
        move(job, tasks, index, CLAIMED)
        indexes.push(index)
      }
    }
  }
  if (indexes.length === 0) return 0
  const tag = ws.nextTag()
  const leaseUntil = ws.now + leaseMs
  reserve(ws, job, indexes.length)
  ws.leases.add(leaseUntil, { jobId: job.id, tag, indexes })
  job.startedAt ??= ws.now
  ws.log(job, { type: 'claimed', indexes })
  if (job.phase.onClaim) enter(ws, job, job.phase.onClaim)
  const group: ClaimedTask[] = []
  for (const index of indexes) {
    tasks.setTag(index, tag)
    const memo = tasks.memo(index)
    group.push({
      claim: `${job.id}:${index}:${tag}`,
      index,
      attempts: tasks.attempts(index),
      payload: tasks.payload(index),
      ...(memo !== undefined && { memo }),
    })
  }
  claimed.push({ jobId: job.id, route: job.route, revision: job.revision, leaseUntil, tasks: group })
  return indexes.length
}
