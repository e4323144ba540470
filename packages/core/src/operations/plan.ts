import type { JobContext, OperationSpec } from '../jobs/spec.js'
import type { Resource, ResourceError } from '../ports/resources.js'
import type { TaskRecord } from '../ports/storage-read.js'
import type { BackendDesk } from './backend-desk.js'
import type { CallerIdUse, CallerIdUses } from './caller-id-pool.js'
import { type JsonObject, sameJson } from './json.js'
import { dataOf, type OperationPayload, operationTask } from './live-operation.js'
import { shown, shownResource } from './secrets.js'

/** What one item of a job would do if it were done now. */
export interface PlannedChange {
  index: number
  /** With an update or a deletion: which resource. */
  entry?: string
  /** Whether the back end has the resource. False for what is to be created. */
  found: boolean
  /** The resource as it is now. */
  resource?: Resource
  /** Fields that would be set to something else. `from` is absent when there is no such field yet. Empty for a deletion. */
  changes: Readonly<Record<string, { from?: unknown; to: unknown }>>
  /** With a deletion: campaigns that have not ended and call from this number. It is not deleted, unless the job says `allowInUse`. */
  inUse?: CallerIdUse
  /** Why the back end could not say. */
  error?: ResourceError
}

/** A plan in numbers. `total` is the sum of the next five. */
export interface PlanSummary {
  /** Items that have not ended and are not under way. */
  total: number
  /** Those that would create, change or delete something. */
  changing: number
  /** Updates that would change nothing: all is so already. */
  unchanged: number
  /** Entries that the back end does not have. */
  missing: number
  /** Numbers that are not deleted, because campaigns call from them. */
  inUse: number
  /** Entries of which it could not say. */
  errors: number
  /** By field, how many items would set it to something else. */
  fields: Record<string, number>
}

/** What one item would do, asked of the back end unless it is a creation. */
export async function plannedChange(
  desk: BackendDesk,
  job: JobContext<OperationSpec>,
  record: TaskRecord,
  uses?: CallerIdUses,
): Promise<PlannedChange> {
  const { spec } = job
  const payload = JSON.parse(record.payload as string) as OperationPayload
  const task = operationTask(job, record.index, payload)
  const { index, entry, method } = task
  const data = dataOf(job, payload)
  if (method === 'create') return { index, found: false, changes: differences({}, data, spec.secrets) }
  const at = { index, ...(entry !== undefined && { entry }) }
  const found = await desk.find(task, spec.field ?? '')
  if (found.status === 'none') return { ...at, found: false, changes: {} }
  if (found.status === 'failed') {
    const error = { code: 'lookup_failed', title: 'The back end could not be asked.', detail: found.message }
    return { ...at, found: false, changes: {}, error }
  }
  const changes = method === 'delete' ? {} : differences(found.resource.fields, data, spec.secrets)
  const number = found.resource.fields[desk.phone ?? '']
  const inUse = typeof number === 'string' ? uses?.(job.organization, number) : undefined
  const resource = shownResource(found.resource, spec.secrets)
  return { ...at, found: true, resource, changes, ...(inUse && { inUse }) }
}

/** Compared as they are, shown without secrets. */
function differences(
  fields: Resource['fields'],
  data: JsonObject,
  secrets: readonly string[] | undefined,
): PlannedChange['changes'] {
  const [before, after] = [shown(fields, secrets), shown(data, secrets)]
  const changed = Object.entries(data).filter(
    ([name, to]) => !Object.hasOwn(fields, name) || !sameJson(fields[name], to),
  )
  return Object.fromEntries(
    changed.map(([name]) => {
      const to = after[name]
      return [name, Object.hasOwn(fields, name) ? { from: before[name], to } : { to }]
    }),
  )
}

/** Counts a plan, one change at a time. */
export async function summaryOf(
  { method, allowInUse }: Pick<OperationSpec, 'method' | 'allowInUse'>,
  plan: AsyncIterable<PlannedChange>,
): Promise<PlanSummary> {
  const summary: PlanSummary = { total: 0, changing: 0, unchanged: 0, missing: 0, inUse: 0, errors: 0, fields: {} }
  for await (const { found, changes, error, inUse } of plan) {
    const names = Object.keys(changes)
    summary.total++
    if (error) summary.errors++
    else if (!found && method !== 'create') summary.missing++
    else if (inUse && !allowInUse) summary.inUse++
    else if (method === 'update' && names.length === 0) summary.unchanged++
    else summary.changing++
    for (const name of names) summary.fields[name] = (summary.fields[name] ?? 0) + 1
  }
  return summary
}

/** Answers in the order of what was asked, asking at most so many ahead of the one that is waited for. */
export async function* inOrder<Item, Answer>(
  items: AsyncIterable<Item>,
  ahead: number,
  ask: (item: Item) => Promise<Answer>,
): AsyncGenerator<Answer, void, undefined> {
  const asked: Promise<Answer>[] = []
  for await (const item of items) {
    asked.push(ask(item))
    if (asked.length >= ahead) yield asked.shift() as Promise<Answer>
  }
  yield* asked
}
