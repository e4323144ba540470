import type { Conversation } from '../engine/channel.js'
import type { Host } from '../engine/host.js'
import { type ScopeLimits, scopeLimits } from '../jobs/gates.js'
import type { JobCache } from '../jobs/job-cache.js'
import type { Limit } from '../ports/storage-limits.js'
import type { BackendDesk } from './backend-desk.js'
import type { CallerIdPool } from './caller-id-pool.js'
import { OperationBook } from './operation-book.js'
import { OperationGuard } from './operation-guard.js'
import { OperationReconciler } from './operation-reconciler.js'
import { OperationRunner } from './operation-runner.js'

/** What an engine needs to work off the operations of some back ends. */
export interface OperationWork {
  readonly book: OperationBook
  readonly runners: readonly OperationRunner[]
  readonly reconcilers: readonly OperationReconciler[]
}

/** Makes the parts that work off operations, on those of the routes that are the back ends'. */
export function operationWork(
  host: Host,
  jobs: JobCache,
  channel: Conversation,
  desks: ReadonlyMap<string, BackendDesk>,
  routes: readonly string[],
  pool: CallerIdPool,
): OperationWork {
  const book = new OperationBook(host, channel)
  const worked = [...desks.values()]
    .filter(({ route }) => routes.includes(route))
    .map((desk) => ({ desk, guard: new OperationGuard(host, desk, book, pool) }))
  return {
    book,
    runners: worked.map(({ desk, guard }) => new OperationRunner(host, desk, book, guard, () => channel.poke())),
    reconcilers: worked.map(({ desk, guard }) => new OperationReconciler(host, jobs, book, desk, guard)),
  }
}

/** The limits of the back ends' routes: as many operations at once as each takes, unless the host says otherwise. */
export function backendLimits(
  desks: ReadonlyMap<string, BackendDesk>,
  routes: Readonly<Record<string, ScopeLimits>>,
  revision: number,
): Limit[] {
  return [...desks.values()].flatMap(({ route, backend }) => {
    const { concurrency } = backend.capabilities
    return scopeLimits({ route }, { concurrency, ...routes[route] }, revision)
  })
}
