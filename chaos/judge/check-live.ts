import type { LedgerEntry } from 'outdial'
import { type Complain, type Evidence, type LimitInForce, START_WITHIN, TRANSIT } from './evidence.js'
import { jobOf } from './task-name.js'

/**
 * No limit of live calls is ever exceeded, counted by the carrier. A lowered limit hangs nobody up, so it is asked
 * whenever a call is placed: then no more may be live than any limit allowed since that start can have been granted.
 */
export function checkLive({ ledger, limits }: Evidence, complain: Complain): void {
  for (const of of new Set(limits.map(({ of }) => of))) {
    const own = limits.filter((limit) => limit.of === of && limit.concurrency !== undefined)
    if (own.length > 0) checkOne(of, own, ledger, complain)
  }
}

function checkOne(of: string, limits: readonly LimitInForce[], ledger: readonly LedgerEntry[], complain: Complain) {
  let live = 0
  for (const { kind, ref, at } of ledger) {
    if (of !== 'all' && jobOf(ref) !== of) continue
    if (kind === 'ended') live--
    if (kind !== 'placed') continue
    live++
    const allowed = Math.max(
      ...limits
        .filter(({ since, until = Number.POSITIVE_INFINITY }) => since <= at && at <= until + START_WITHIN + TRANSIT)
        .map(({ concurrency = 0 }) => concurrency),
    )
    if (live > allowed) complain('limit', `${of}: ${live} calls are live with ${ref}, ${allowed} may be`)
  }
}
