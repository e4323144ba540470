import * as z from 'zod'
import { OutdialError } from '../errors/outdial-error.js'
import { parseOptions } from '../policy/options.js'
import { zoneSchema } from '../policy/zone.js'
import type { Directory, Organization } from '../ports/directory.js'
import type { ScopeLimits } from './gates.js'
import type { SharedScope } from './scope-limits.js'

/** Sets the limits of a scope for all processes, as of a time in milliseconds since the epoch. Default: now. */
export type SetLimits = (scope: SharedScope, limits: ScopeLimits, asOf?: number) => Promise<void>

/** What a job takes over from its organization. */
export type Admitted = Pick<Organization, 'account' | 'timezone'> & { weight: number }

/** What the engine goes by of what a directory says; its limits are read like those that users set. The rest is the host's own. */
const organizationSchema = z.object({
  weight: z.number().gt(0).max(1_000_000).optional(),
  // In milliseconds; times 1000 it is a revision, which has to be counted exactly.
  limitsSince: z.number().min(0).max(9e12).optional(),
  account: z.string().min(1).max(200).optional(),
  timezone: zoneSchema.optional(),
})

/**
 * An organization's limits are set with each job, so that the directory's word counts from when it was said. Throws
 * `invalid_options` when there is a directory that does not know it, or that says of it what nobody could keep to.
 */
export async function admitOrganization(
  directory: Directory | undefined,
  setLimits: SetLimits,
  id: string,
): Promise<Admitted> {
  if (!directory) return { weight: 1 }
  const known = await directory.organization(id)
  if (!known) throw new OutdialError('invalid_options', `organization: there is no '${id}'`, { field: 'organization' })
  parseOptions(organizationSchema, known, 'organization')
  const { concurrency = null, cps = null, weight = 1, limitsSince, moneyPerDay, account, timezone } = known
  const limits = { concurrency, cps, ...(moneyPerDay !== undefined && { moneyPerDay }) }
  await setLimits({ organization: id }, limits, limitsSince)
  return { weight, ...(account !== undefined && { account }), ...(timezone !== undefined && { timezone }) }
}
