import { OutdialError } from '../errors/outdial-error.js'
import { isZone, zoneProblem } from '../policy/zone.js'
import type { JobMoney } from './budget.js'

interface Known {
  /** The engine has rates of the job's carrier. */
  priced: boolean
  /** The engine has accounts. */
  booked: boolean
  account?: string
  timezone?: string
}

/**
 * What a new job keeps about money: nothing, where nobody knows what its calls cost. An organization's account counts where the engine
 * has accounts and rates; one that was asked for and cannot be kept is `invalid_options`.
 */
export function jobMoney(
  given: { carrier: string; account?: string | undefined; reserve?: number | undefined },
  { priced, booked, account: usual, timezone = 'UTC' }: Known,
): JobMoney | undefined {
  const { carrier, account = usual, reserve } = given
  const asked = given.account !== undefined ? 'account' : reserve !== undefined ? 'reserve' : undefined
  if (asked && !priced)
    throw invalid(asked, `nobody knows what a call through '${carrier}' may cost: give the engine rates for it`)
  if (asked && !booked) throw invalid(asked, 'this engine has no accounts')
  if (reserve !== undefined && account === undefined) throw invalid('reserve', 'there is no account to set it aside on')
  if (!priced) return undefined
  if (!isZone(timezone)) throw invalid('organization', `its zone cannot be used: ${zoneProblem(timezone)}`)
  const kept = booked && account !== undefined ? { account, ...(reserve !== undefined && { reserve }) } : {}
  return { zone: timezone, ...kept }
}

function invalid(field: string, problem: string): OutdialError {
  return new OutdialError('invalid_options', `${field}: ${problem}`, { field })
}
