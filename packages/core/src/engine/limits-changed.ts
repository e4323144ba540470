import { askForNumbers } from '../caller-ids/gated-jobs.js'
import { resumeWaiting } from '../caller-ids/keeper.js'
import type { ScopeLimits } from '../jobs/gates.js'
import type { SharedScope } from '../jobs/scope-limits.js'
import type { Purse } from '../money/purse.js'
import type { Host } from './host.js'

/** Has the campaigns concerned go by limits that are stored: they ask for a number that has a cap, and go on where there may be room again. */
export async function limitsChanged(host: Host, purse: Purse, scope: SharedScope, limits: ScopeLimits): Promise<void> {
  if ('callerId' in scope && limits.perDay !== undefined) {
    const { organization, callerId } = scope
    if (limits.perDay !== null) await askForNumbers(host, organization, [callerId])
    await resumeWaiting(host, organization, [callerId])
  }
  if (limits.moneyPerDay !== undefined && 'organization' in scope) await purse.raised(scope.organization)
}
