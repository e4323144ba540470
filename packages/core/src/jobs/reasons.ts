import * as z from 'zod'
import { OutdialError } from '../errors/outdial-error.js'
import { parseOptions } from '../policy/options.js'

/** Pauses that the engine makes and ends by what it has found: somebody's own must not look like one of them. */
const OWN_PAUSES: ReadonlySet<string> = new Set([
  'caller_id_quarantined',
  'caller_id_failing',
  'caller_id_closed',
  'caller_id_daily_cap',
  'budget_exhausted',
  'daily_budget',
  'organization_daily_budget',
  'insufficient_balance',
])

const reasonSchema = z.string().min(1).max(200)

/** A reason as a user gives it, kept with what it is for. Throws `invalid_options`. */
export function parseReason(given: string): string {
  return parseOptions(reasonSchema, given, 'reason')
}

/** The reason of a user's pause: none of those that the engine ends by itself. */
export function parsePauseReason(given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  if (!OWN_PAUSES.has(parseReason(given))) return given
  const problem = `'${given}' is what the engine says, and it ends such pauses by itself: use another word`
  throw new OutdialError('invalid_options', `reason: ${problem}`, { field: 'reason' })
}
