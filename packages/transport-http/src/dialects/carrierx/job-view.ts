import { formatInstant, type JobSnapshot, type JsonObject, type OperationJob, type OperationSpec } from '@outdial/core'
import { wireOf } from '../../desk/wire-facts.js'
import { uuidOf } from '../../frame/wire-id.js'
import type { Settings } from './options.js'
import { Phones } from './phones.js'
import type { TaskGiven } from './schema.js'
import { countersOf, methodOf, NOT_COUNTED, statusOf } from './states.js'
import { wireFacts } from './wire.js'

/** The names of a task's fields. */
export const TASK_FIELDS = [
  'data',
  'date_created',
  'date_modified',
  'entries',
  'failure',
  'field',
  'method',
  'partner_sid',
  'processed',
  'review',
  'status',
  'success',
  'task_sid',
  'total',
  'type',
] as const
export type TaskField = (typeof TASK_FIELDS)[number]

/** A task as the wire shows it, all of it or some fields. */
export type TaskView = Partial<Record<TaskField, unknown>>

/** What has to be read item by item. */
const LONG: ReadonlySet<TaskField> = new Set(['data', 'entries'])

/** What views need beside the task. */
export interface Around {
  settings: Settings
  /** The organization's, as the wire has it. */
  partnerSid: string
}

/** Whether a field is known without looking at the items. */
export function isShort(field: TaskField): boolean {
  return !LONG.has(field)
}

/** All of a task that is known without its items. */
export function shortView(snapshot: JobSnapshot, { partnerSid }: Around): TaskView {
  const { id, createdAt, startedAt, endedAt, spec } = snapshot
  const { type, field = null } = spec as OperationSpec
  return {
    date_created: formatInstant(createdAt),
    date_modified: formatInstant(endedAt ?? startedAt ?? createdAt),
    ...countersOf(snapshot),
    field,
    method: methodOf(snapshot),
    partner_sid: partnerSid,
    // Of tasks that were made otherwise: those that wait for it have to be reviewed.
    review: wireOf(snapshot, 'carrierx', wireFacts)?.review ?? snapshot.state === 'pending_review',
    status: statusOf(snapshot),
    task_sid: uuidOf(id),
    type,
  }
}

/** A task with the fields that are asked for, those that are long read only if they are. */
export async function taskView(
  job: OperationJob,
  snapshot: JobSnapshot,
  around: Around,
  wanted: ReadonlySet<TaskField> = new Set(TASK_FIELDS),
): Promise<TaskView> {
  const long = [...LONG].some((field) => wanted.has(field)) ? await longView(job, snapshot, around.settings) : {}
  return picked({ ...shortView(snapshot, around), ...long }, wanted)
}

/** A task as it was when it was taken on, even if something has been done by now. */
export function acceptedView(snapshot: JobSnapshot, given: TaskGiven, around: Around): TaskView {
  const { createdAt } = snapshot
  const { field, entries } = given.method === 'POST' ? { field: null, entries: [] } : given
  return picked({
    ...shortView(snapshot, around),
    ...NOT_COUNTED,
    data: shownData(given, around.settings.secretFieldsOf(given.type)),
    date_modified: formatInstant(createdAt),
    entries,
    field,
    review: given.review,
    status: 'created',
  })
}

/** What was given, as the engine will show it from now on. */
function shownData(given: TaskGiven, secrets: readonly string[]): unknown {
  if (given.method === 'DELETE') return null
  const shown = (data: JsonObject) => {
    const there = secrets.filter((name) => Object.hasOwn(data, name))
    if (there.length === 0) return data
    return { ...data, ...Object.fromEntries(there.map((name) => [name, '[redacted]'])) }
  }
  return given.method === 'POST' ? given.data.map(shown) : shown(given.data)
}

/** In the order of their names, as the service writes them. */
function picked(view: TaskView, wanted: ReadonlySet<TaskField> = new Set(TASK_FIELDS)): TaskView {
  return Object.fromEntries(TASK_FIELDS.filter((field) => wanted.has(field)).map((field) => [field, view[field]]))
}

async function longView(
  job: OperationJob,
  snapshot: JobSnapshot,
  settings: Settings,
): Promise<{ data: unknown; entries: readonly string[] }> {
  const { type, method, field, data } = snapshot.spec as OperationSpec
  const phones = new Phones(settings.phoneFieldsOf(type))
  if (method === 'create') {
    const objects: unknown[] = []
    for await (const item of job.items()) objects.push(phones.dataOut(item.data ?? {}))
    return { data: objects, entries: [] }
  }
  const entries: string[] = []
  for await (const { entry = '' } of job.items()) entries.push(phones.entryOut(entry, field))
  return { data: data === undefined ? null : phones.dataOut(data), entries }
}
