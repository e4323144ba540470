import { wake } from './fair-order.js'
import { free } from './gates.js'
import { follow } from './moves.js'
import { fireTimers, settle } from './phases.js'
import { CLAIMED } from './places.js'
import type { Workspace } from './workspace.js'

/** Does what is due by the store's clock: wakers, timers, leases that have ended. Part of every exchange and control. */
export function tick(ws: Workspace): void {
  for (let first = ws.wakes.first(); first && first.score <= ws.now; first = ws.wakes.first()) {
    ws.wakes.delete(first.member)
    const [kind, id] = first.member.split('\n') as [string, string]
    if (kind !== 't') {
      wake(ws, first.member)
      continue
    }
    const job = ws.job(id)
    if (job) fireTimers(ws, job)
  }
  for (let lease = ws.leases.take(ws.now); lease; lease = ws.leases.take(ws.now)) {
    const job = ws.job(lease.jobId)
    if (!job) continue
    const tasks = ws.tasks(job)
    for (const index of lease.indexes) {
      if (tasks.place(index) !== CLAIMED || tasks.tag(index) !== lease.tag) continue
      free(ws, job, 1, false)
      const waitUntil = follow(ws, job, tasks, index, { waitUntil: 0 })
      if (waitUntil !== undefined) ws.log(job, { type: 'returned', index, waitUntil, reasons: ['lease_ended'] })
    }
    settle(ws, job)
  }
}
