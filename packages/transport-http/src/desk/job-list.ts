import type { Engine, JobSnapshot, JobState } from '@outdial/core'
import type { Slice } from './pages.js'
import { factsOf } from './wire-facts.js'

/** Which jobs, in which order, and which part of them. */
export interface JobListing {
  /** Default: both kinds. */
  kind?: JobSnapshot['kind']
  states?: readonly JobState[]
  where?: (job: JobSnapshot) => boolean
  /** Default: newest first. */
  order?: (a: JobSnapshot, b: JobSnapshot) => number
  offset?: number
  /** Default: all. */
  limit?: number
}

/** An organization's jobs, oldest first, of one kind; those whose place another has taken are left out. */
async function* jobsOf(
  engine: Pick<Engine, 'calls' | 'operations'>,
  organization: string,
  kind: JobSnapshot['kind'],
  states?: readonly JobState[],
): AsyncGenerator<JobSnapshot, void, undefined> {
  const source = kind === 'calls' ? engine.calls : engine.operations
  let cursor: string | undefined
  do {
    const page = await source.list({
      organization,
      max: 500,
      ...(states && { states }),
      ...(cursor !== undefined && { cursor }),
    })
    for (const job of page.items) if (factsOf(job).$replacedBy === undefined) yield job
    cursor = page.cursor
  } while (cursor !== undefined)
}

/**
 * Jobs by a dialect's own filter and order. The store lists in the order of creation only, so all of the organization's
 * jobs are looked at; their contacts are not.
 */
export async function listedJobs(
  engine: Pick<Engine, 'calls' | 'operations'>,
  organization: string,
  listing: JobListing,
): Promise<Slice<JobSnapshot>> {
  const { kind, states, where = () => true, order, offset = 0, limit = Number.POSITIVE_INFINITY } = listing
  const found: JobSnapshot[] = []
  for (const one of kind ? [kind] : (['calls', 'operations'] as const))
    for await (const job of jobsOf(engine, organization, one, states)) if (where(job)) found.push(job)
  // Each kind comes oldest first, and sorting is stable: reversed, what was made in the same millisecond is newest first too.
  if (order) found.sort(order)
  else found.reverse().sort((a, b) => b.createdAt - a.createdAt)
  return { items: found.slice(offset, offset + limit), total: found.length }
}
