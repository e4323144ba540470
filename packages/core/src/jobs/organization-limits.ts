import { OutdialError } from '../errors/outdial-error.js'
import type { Directory, Organization } from '../ports/directory.js'
import type { LimitScope, ScopeLimits } from './gates.js'

/** Sets the limits of a scope for all processes, as of a time in milliseconds since the epoch. Default: now. */
export type SetLimits = (
  scope: Exclude<LimitScope, { job: string }>,
  limits: ScopeLimits,
  asOf?: number,
) => Promise<void>

/** What a job takes over from its organization. */
export type Admitted = Pick<Organization, 'account' | 'timezone'> & { weight: number }

/**
 * An organization's limits are set with each job, so that the directory's word counts from when it was said. Throws
 * `invalid_options` when there is a directory that does not know it.
 */
export async function admitOrganization(
  directory: Directory | undefined,
  setLimits: SetLimits,
  id: string,
): Promise<Admitted> {
  if (!directory) return { weight: 1 }
  const known = await directory.organization(id)
  if (!known) throw new OutdialError('invalid_options', `organization: there is no '${id}'`, { field: 'organization' })
  const { concurrency = null, cps = null, weight = 1, limitsSince, moneyPerDay, account, timezone } = known
  const limits = { concurrency, cps, ...(moneyPerDay !== undefined && { moneyPerDay }) }
  await setLimits({ organization: id }, limits, limitsSince)
  return { weight, ...(account !== undefined && { account }), ...(timezone !== undefined && { timezone }) }
}
