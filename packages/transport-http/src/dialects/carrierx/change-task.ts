import { type Clock, formatInstant, isOutdialError, type JobSnapshot, type OperationJob, sameJson } from '@outdial/core'
import type { Found } from '../../desk/desk.js'
import { objectInvalid } from './errors.js'
import { type Around, isShort, TASK_FIELDS, type TaskField, type TaskView, taskView } from './job-view.js'
import type { TaskSent } from './schema.js'
import { CANCELED } from './states.js'

type Task = Found<OperationJob>

/** How far a task was may be sent back as it was read: it never goes back, and nothing is what nobody had counted. */
const COUNTERS: ReadonlySet<string> = new Set(['failure', 'processed', 'success', 'total'])

/**
 * Approves or cancels a task, if that is what the status sent says. Every other field may be sent only as it is: one that
 * is not is refused by name, and nothing changes.
 */
export async function changeTask(task: Task, sent: TaskSent, around: Around, clock: Clock): Promise<TaskView> {
  const { job, snapshot } = task
  const view = await taskView(job, snapshot, around, fieldsSent(sent))
  const now = formatInstant(clock.now())
  for (const field of TASK_FIELDS) if (field !== 'status') checkSame(field, sent[field], view, now)
  const { status } = sent
  const before = String(view.status)
  if (status === undefined || status === before) return taskView(job, snapshot, around)
  const changed = await changeStatus(task, before, status)
  const after = await taskView(job, changed, around)
  // The state at acceptance: work may have begun since.
  return { ...after, date_modified: now, status }
}

/** What has to be read to check what was sent; the long fields only if they are. */
function fieldsSent(sent: TaskSent): Set<TaskField> {
  return new Set(TASK_FIELDS.filter((field) => isShort(field) || sent[field] !== undefined))
}

function checkSame(field: TaskField, sent: unknown, view: TaskView, now: string): void {
  if (sent === undefined || sameJson(sent, view[field])) return
  if (COUNTERS.has(field) && (sent === null || (sent as number) <= Number(view[field]))) return
  if (field === 'date_modified' && isBetween(String(sent), String(view.date_created), now)) return
  // Null and the empty list are the same to the service.
  if (field === 'entries' && sent === null && sameJson([], view.entries)) return
  throw objectInvalid(field, 'cannot be changed')
}

/** Instants are written alike, but for digits that clients may have cut off. */
function isBetween(instant: string, first: string, last: string): boolean {
  const at = Date.parse(instant)
  return at >= Math.floor(Date.parse(first) / 1000) * 1000 && at <= Date.parse(last)
}

const TERMINAL: ReadonlySet<string> = new Set(['completed', 'cancelled'])

async function changeStatus({ job }: Task, before: string, status: string): Promise<JobSnapshot> {
  const refused = () => objectInvalid('status', `cannot be changed from ${before} to ${status}`)
  const approves = status === 'approved' && before === 'pending_review'
  const cancels = status === 'cancelled' && !TERMINAL.has(before)
  if (!approves && !cancels) throw refused()
  try {
    return await (approves ? job.approve() : job.cancel({ reason: CANCELED }))
  } catch (error) {
    // Somebody else was faster.
    if (isOutdialError(error, 'illegal_transition')) throw refused()
    throw error
  }
}
