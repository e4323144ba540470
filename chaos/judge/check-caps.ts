import { type Complain, type Evidence, type LimitInForce, START_WITHIN, TRANSIT } from './evidence.js'
import { jobOf } from './task-name.js'

/** What may lie between a grant and the call, of each of two calls. */
const SLACK = START_WITHIN + TRANSIT

/**
 * Nobody is called more often than allowed in any window that rolls, by all campaigns with a cap together, whatever became of
 * the calls. With a cap that was changed, the highest counts that was in force when the start can have been granted.
 */
export function checkCaps({ ledger, limits }: Pick<Evidence, 'ledger' | 'limits'>, complain: Complain): void {
  const caps = limits.filter((limit): limit is Cap => limit.calls !== undefined && limit.within !== undefined)
  const called = new Map<string, number[]>()
  for (const { kind, ref, to, at } of ledger) {
    if (kind !== 'placed') continue
    const inForce = caps.filter(
      ({ of, since, until = Number.POSITIVE_INFINITY }) => of === jobOf(ref) && since <= at && at <= until + SLACK,
    )
    for (const within of new Set(inForce.map((cap) => cap.within))) {
      const person = `${to} within ${within} ms`
      const calls = called.get(person) ?? []
      called.set(person, calls)
      calls.push(at)
      const allowed = Math.max(...inForce.filter((cap) => cap.within === within).map((cap) => cap.calls))
      const counted = calls.filter((other) => other > at - within + SLACK).length
      if (counted > allowed) complain('limit', `${ref} was placed as call ${counted} to ${person}, ${allowed} may be`)
    }
  }
}

type Cap = LimitInForce & Required<Pick<LimitInForce, 'calls' | 'within'>>
