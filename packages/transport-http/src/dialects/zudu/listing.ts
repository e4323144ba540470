import type { CallSpec, JobSnapshot } from '@outdial/core'
import type { Desk } from '../../desk/desk.js'
import type { Links } from '../../frame/links.js'
import { batchView } from './job-view.js'
import type { ListBody } from './schema.js'
import type { Settings } from './settings.js'
import { batchStatus } from './states.js'
import { createdAtOf, nameOf, scheduledAtOf, updatedAtOf } from './wire.js'

type SortField = ListBody['sort_by']
type Filter = ListBody['filter_criteria']

const SORT_KEYS: Readonly<Record<SortField, (job: JobSnapshot) => string | number | null>> = {
  updated_at: updatedAtOf,
  created_at: createdAtOf,
  scheduled_timestamp: scheduledAtOf,
  name: nameOf,
  status: batchStatus,
  total_task_count: ({ tasks }) => tasks.total,
}

/** A page of the organization's batch calls, and where it is in all of them. */
export async function batchCalls(
  { desk, links, settings }: { desk: Desk; links: Links; settings: Settings },
  { filter_criteria = {}, pagination: { page, limit }, sort_by, sort_order }: ListBody,
): Promise<Record<string, unknown>> {
  const { items, total } = await desk.list({
    kind: 'calls',
    where: passes(filter_criteria),
    order: orderBy(sort_by, sort_order === 'ascending' ? 1 : -1),
    // Without a limit there is one page, and nothing behind it.
    offset: page === 0 ? 0 : page * (limit ?? Number.POSITIVE_INFINITY),
    ...(limit !== undefined && { limit }),
  })
  const batch_calls: Record<string, unknown>[] = []
  // One after the other: a list of everything would otherwise ask the store for all of it at once.
  for (const snapshot of items)
    batch_calls.push(await batchView(await desk.callJob(desk.idOf(snapshot)), links, settings))
  return { batch_calls, pagination: paginationOf(page, limit ?? total, total) }
}

/** Which page of how many. */
export function paginationOf(page: number, limit: number, total: number): Record<string, number> {
  return { page, limit, total, total_pages: limit === 0 ? 0 : Math.ceil(total / limit) }
}

/** Every criterion has to be met; within one, any of its values will do. */
function passes({ status, agent_id, name }: Filter): (job: JobSnapshot) => boolean {
  const names = name?.map((part) => part.toLowerCase())
  return (job) => {
    if (status && !status.includes(batchStatus(job))) return false
    if (agent_id && !agent_id.includes((job.spec as CallSpec).agent ?? '')) return false
    const own = (nameOf(job) ?? '').toLowerCase()
    return !names || names.some((part) => own.includes(part))
  }
}

/** What has no value comes last in either direction. */
function orderBy(field: SortField, direction: 1 | -1): (a: JobSnapshot, b: JobSnapshot) => number {
  const key = SORT_KEYS[field]
  return (a, b) => {
    const [left, right] = [key(a), key(b)]
    if (left === right) return (a.createdAt - b.createdAt) * direction
    if (left === null || right === null) return left === null ? 1 : -1
    return (left < right ? -1 : 1) * direction
  }
}

/** What was filtered by, in words. */
export function appliedFilters(filter: Filter): Record<string, string> {
  const words = Object.entries(filter).map(([name, values = []]) => {
    return [name, `${values.length} value${values.length === 1 ? '' : 's'}`]
  })
  return Object.fromEntries(words) as Record<string, string>
}
