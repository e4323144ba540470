import type { Host } from '../engine/host.js'
import type { JobSnapshot } from '../jobs/snapshot.js'
import { breakerKeys } from './breaker-keys.js'

/** A job that runs and is held up by the breaker of its route says so, and when the next probe is due. */
export async function hindered(host: Host, route: string, job: JobSnapshot): Promise<JobSnapshot> {
  if (job.kind !== 'calls' || job.state !== 'running' || job.tasks.waiting === 0) return job
  const [usage] = await host.storage.usage([{ key: breakerKeys(route).rate }])
  if (!usage || !('rate' in usage.rule)) return job
  return { ...job, waitingFor: { reason: 'breaker', until: Math.max(host.now(), Math.floor(usage.freeAt)) } }
}
