import { type Complain, type Evidence, type LimitInForce, type Prices, START_WITHIN, TRANSIT } from './evidence.js'
import { jobOf } from './task-name.js'

/**
 * No job spends more than it may, by what the carrier did: what its calls have cost and what those that are live may cost. A lowered
 * budget takes nothing back, so it is asked whenever a call is placed, by the highest that was in force when the start can have been granted.
 */
export function checkMoney(
  { ledger, limits, prices }: Pick<Evidence, 'ledger' | 'limits' | 'prices'>,
  complain: Complain,
): void {
  if (!prices) return
  for (const of of new Set(limits.map(({ of }) => of))) {
    const own = limits.filter((limit) => limit.of === of && limit.money !== undefined)
    const calls = ledger.filter(({ ref }) => jobOf(ref) === of)
    if (own.length > 0) checkJob(calls, own, prices, complain)
  }
}

function checkJob(
  ledger: Evidence['ledger'],
  budgets: readonly LimitInForce[],
  { worst, cost }: Prices,
  complain: Complain,
): void {
  const live = new Set<string>()
  let spent = 0
  for (const { kind, ref, at, detail } of ledger) {
    if (kind === 'ended' && live.delete(ref) && detail === 'answered') spent += cost
    if (kind !== 'placed') continue
    live.add(ref)
    const most = spent + live.size * worst
    const allowed = Math.max(
      ...budgets
        .filter(({ since, until = Number.POSITIVE_INFINITY }) => since <= at && at <= until + START_WITHIN + TRANSIT)
        .map(({ money = 0 }) => money),
    )
    if (most > allowed) complain('limit', `${ref} was placed with ${most} spent or at stake, ${allowed} may be`)
  }
}
