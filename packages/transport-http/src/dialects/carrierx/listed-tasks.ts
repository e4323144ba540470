import type { JobSnapshot } from '@outdial/core'
import type { Desk } from '../../desk/desk.js'
import { uuidOf } from '../../frame/wire-id.js'
import { queryInvalid } from './errors.js'
import { type Condition, meets } from './filter.js'
import { type Around, isShort, shortView, type TaskField, taskView } from './job-view.js'
import type { ListAsked, Order } from './list-query.js'

/** A page of tasks. */
export interface TaskPage {
  items: JobSnapshot[]
  /** Of all tasks that the filter lets through. */
  total: number
  hasMore: boolean
  /** Where the next page is, as parameters of the query; absent when there is none, or none that would go on from here. */
  next?: Readonly<Record<string, string>>
}

/** The tasks that are asked for. Their items are read only if the filter is about them. */
export async function listedTasks(desk: Desk, asked: ListAsked, around: Around): Promise<TaskPage> {
  const short = asked.conditions.filter(({ path }) => isShort(path[0]))
  const long = asked.conditions.filter(({ path }) => !isShort(path[0]))
  const { items } = await desk.list({
    kind: 'operations',
    where: (job) => short.length === 0 || allMet(shortView(job, around), short),
  })
  const matching: JobSnapshot[] = []
  for (const job of items) if (long.length === 0 || (await meetsLong(desk, job, long, around))) matching.push(job)
  return pageOf(ordered(matching, asked.order, around), asked)
}

function allMet(view: Parameters<typeof meets>[0], conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => meets(view, condition))
}

async function meetsLong(desk: Desk, job: JobSnapshot, conditions: readonly Condition[], around: Around) {
  const wanted = new Set(conditions.map(({ path }) => path[0]))
  const found = await desk.operationJob(job.id)
  return allMet(await taskView(found.job, found.snapshot, around, wanted), conditions)
}

/** Newest first comes from the desk; sorting is stable, so that it decides among equals. */
function ordered(jobs: JobSnapshot[], order: Order, around: Around): JobSnapshot[] {
  if (order === 'newest') return jobs
  if (order === 'shuffle') return shuffled(jobs)
  const { field, descending } = order
  const sign = descending ? -1 : 1
  return jobs
    .map((job) => ({ job, value: sortable(job, field, around) }))
    .sort((a, b) => sign * (a.value < b.value ? -1 : a.value > b.value ? 1 : 0))
    .map(({ job }) => job)
}

/** A field as something that can be compared: nothing comes first. All values of one field are of one kind. */
function sortable(job: JobSnapshot, field: TaskField, around: Around): string | number {
  const value = shortView(job, around)[field]
  if (typeof value === 'number' || value === null) return value ?? -1
  return String(value)
}

function shuffled(jobs: JobSnapshot[]): JobSnapshot[] {
  const places = crypto.getRandomValues(new Uint32Array(jobs.length))
  return jobs
    .map((job, i) => ({ job, place: places[i] as number }))
    .sort((a, b) => a.place - b.place)
    .map(({ job }) => job)
}

function pageOf(jobs: JobSnapshot[], { limit, offset, order, after, before }: ListAsked): TaskPage {
  const total = jobs.length
  if (before !== undefined) {
    const end = placeOf(jobs, before, 'before')
    const items = jobs.slice(Math.max(0, end - limit), end)
    return { items, total, ...more(end > limit, () => ({ before: uuidOf((items[0] as JobSnapshot).id) })) }
  }
  const start = after === undefined ? offset : placeOf(jobs, after, 'after') + 1
  const items = jobs.slice(start, start + limit)
  const last = items.at(-1)
  const hasMore = last !== undefined && start + limit < total
  // Another page of another shuffle would not go on from here.
  if (order === 'shuffle') return { items, total, hasMore }
  return {
    items,
    total,
    ...more(hasMore, () =>
      after === undefined ? { offset: String(start + limit) } : { after: uuidOf((last as JobSnapshot).id) },
    ),
  }
}

function more(hasMore: boolean, next: () => Readonly<Record<string, string>>): Pick<TaskPage, 'hasMore' | 'next'> {
  return hasMore ? { hasMore, next: next() } : { hasMore }
}

function placeOf(jobs: readonly JobSnapshot[], sid: string, parameter: string): number {
  const place = jobs.findIndex(({ id }) => uuidOf(id) === sid.toLowerCase())
  if (place < 0) throw queryInvalid(parameter, 'Cannot find item by SID')
  return place
}
