import type { Host } from '../engine/host.js'
import type { JobState } from '../lifecycle/job.js'
import { parseObject } from '../policy/objects.js'
import { type JobSnapshot, jobSnapshot } from './snapshot.js'

/** Which jobs to list: of one organization, in some states; a page of `max` (default 100) from `cursor` on. */
export interface JobListQuery {
  organization?: string
  states?: readonly JobState[]
  cursor?: string
  max?: number
}

/** A page of jobs in the order they were made; without `cursor` it is the last. */
export interface JobList {
  items: JobSnapshot[]
  cursor?: string
}

/** Lists jobs of one kind. Both kinds are in one list in the store; the other's are no reason for a page that is not full. */
export async function listJobs(host: Host, kind: JobSnapshot['kind'], query: JobListQuery): Promise<JobList> {
  const { max = 100 } = parseObject(query, 'query')
  const items: JobSnapshot[] = []
  let { cursor } = query
  do {
    const page = await host.storage.listJobs({
      ...query,
      max: max - items.length,
      ...(cursor !== undefined && { cursor }),
    })
    for (const job of page.items) {
      const snapshot = jobSnapshot(job, host.now())
      if (snapshot.kind === kind) items.push(snapshot)
    }
    cursor = page.cursor
  } while (cursor !== undefined && items.length < max)
  return { items, ...(cursor !== undefined && { cursor }) }
}
