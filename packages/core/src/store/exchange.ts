import type { ClaimedGroup, Exchange, ExchangeReply, Fenced } from '../ports/storage-exchange.js'
import { claim } from './claims.js'
import { fence } from './fences.js'
import { report } from './reports.js'
import { tick } from './tick.js'
import type { Workspace } from './workspace.js'

/** The rules of one exchange, but for replay: a store answers a repeated one from what it kept. */
export function exchange(ws: Workspace, request: Exchange): Omit<ExchangeReply, 'jobs'> {
  tick(ws)
  const reports = request.reports.map((told) => (report(ws, told) ? 'applied' : 'stale'))
  const fences: Fenced[] = request.fences.map((wanted) => fence(ws, wanted))
  const claims: ClaimedGroup[] = []
  for (const wanted of request.claims) claim(ws, wanted, claims)
  const waker = ws.wakes.first()
  return {
    now: ws.now,
    reports,
    fences,
    claims,
    wakeAt: Math.min(waker?.score ?? Number.POSITIVE_INFINITY, ws.leases.next),
  }
}
