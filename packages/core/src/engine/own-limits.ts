import { scopeLimits } from '../jobs/gates.js'
import type { BackendDesk } from '../operations/backend-desk.js'
import { backendLimits } from '../operations/operation-work.js'
import type { Carrier } from '../ports/carrier.js'
import type { Limit } from '../ports/storage-limits.js'
import type { EngineOptions } from './options.js'

/** The limits that an engine brings along: the pace of its carriers, what its back ends take, and what its options say. */
export function ownLimits(
  given: EngineOptions['limits'],
  carriers: ReadonlyMap<string, Carrier>,
  desks: ReadonlyMap<string, BackendDesk>,
  revision: number,
): Limit[] {
  const { everything, routes = {} } = given ?? {}
  const limits = [...carriers].flatMap(([route, carrier]) => {
    const { cps } = carrier.capabilities
    return scopeLimits({ route }, { ...(cps !== undefined && { cps }), ...routes[route] }, revision)
  })
  limits.push(...backendLimits(desks, routes, revision))
  if (everything) limits.push(...scopeLimits({ everything: true }, everything, revision))
  return limits
}
