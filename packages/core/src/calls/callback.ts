import type { Host } from '../engine/host.js'
import { isOutdialError } from '../errors/outdial-error.js'
import type { CallSpec } from '../jobs/spec.js'
import type { RefParts } from '../lifecycle/ref.js'
import { isTaskOver, taskState } from '../lifecycle/task.js'
import { formatInstant } from '../policy/instant.js'
import type { Contact } from '../ports/contacts.js'
import type { Report } from '../ports/storage-exchange.js'
import type { JobRecord } from '../ports/storage-jobs.js'
import type { TaskRecord } from '../ports/storage-read.js'
import type { CallbackAnswer, CallbackRefusal } from './disposition.js'
import { type AttemptMemo, readRetryMemo } from './memo.js'

/** A task that is claimed is fenced or given back soon; until then it is asked again. */
const AGAIN = 200
/** Longer than any lease. */
const PATIENCE = 20_000

const REFUSED: Readonly<Record<CallbackRefusal, string>> = {
  opted_out: 'The report opts out as well, and that counts: the number is not called again.',
  wrong_number: 'Whoever answered is not the contact: the number is not called again.',
  ended: 'The contact has ended. Call back with a new campaign, or add the number to one that is open.',
  job_ended: 'The job is being ended.',
  expires: 'The job expires before that time.',
  attempts_exhausted: 'The contact has no attempt left.',
  called_since: 'The contact has been called again since.',
  busy: 'The contact was kept by a worker for too long. Report again.',
}

/** What may be otherwise when the report is repeated. */
const PASSING: ReadonlySet<CallbackRefusal> = new Set(['busy', 'expires', 'attempts_exhausted'])

export function passes(reason: CallbackRefusal): boolean {
  return PASSING.has(reason)
}

/** A refusal, in words. */
export function refusedCallback(reason: CallbackRefusal): CallbackAnswer {
  return { status: 'refused', reason, message: REFUSED[reason] }
}

/** A wish to be called back, and the report that it came with. */
export interface Wish {
  readonly ref: string
  readonly parts: RefParts
  readonly job: JobRecord
  readonly spec: CallSpec
  readonly contact: Contact | undefined
  /** When, milliseconds since the epoch. */
  readonly at: number
}

/** What is needed to place one. */
export interface WishDesk {
  readonly host: Host
  /** Tells the store; whether it was news. */
  readonly tell: (report: Report) => Promise<boolean>
  /** The report of the agent, as the store keeps it. */
  readonly note: (answer: CallbackAnswer) => Extract<Report, { kind: 'note' }>
}

/** What became of a wish. */
export interface Placement {
  answer: CallbackAnswer
  /** Whether the report was news; absent: it has not been told yet. */
  recorded?: boolean
  /** The next call, which had a time already, got another. */
  moved?: boolean
}

/**
 * Has a contact called again, not before a time, if its life allows that.
 *
 * While the call is live the wish goes into its record, and no worker can end the call without having heard of it. When it is over
 * and the contact waits for its next call, that one is moved, and the report told then: a worker that dies in between leaves it to
 * whoever repeats it. A contact that has ended stays so. When something comes in between, the contact is looked at again: either
 * the wish is in the store or the answer says why not. A report that was known changes nothing, whatever has
 * happened since; the answer is what holds now.
 */
export async function placeCallback(desk: WishDesk, wish: Wish): Promise<Placement> {
  const { storage } = desk.host
  const { parts, spec, job, at } = wish
  if (job.sweep) return refusal('job_ended')
  if (spec.expiresAt !== undefined && at >= spec.expiresAt) return refusal('expires')
  for (let waited = 0; waited <= PATIENCE && !desk.host.ended.aborted; ) {
    const task = await storage.getTask(parts.jobId, parts.index)
    if (!task || isTaskOver(taskState(task.place))) return refusal('ended')
    if (task.attempts > parts.attempt) return refusal('called_since')
    if (task.place === 'claimed') {
      waited += AGAIN
      await desk.host.pause(AGAIN, desk.host.ended)
      continue
    }
    const placed = await (task.ref === undefined ? moveNext(desk, wish, task) : tellLive(desk, wish))
    if (placed) return placed
  }
  return refusal('busy')
}

/** The call is live: whoever ends it will have heard of the wish. `undefined`: it is over. */
async function tellLive({ host, tell, note }: WishDesk, wish: Wish): Promise<Placement | undefined> {
  const { ref, at } = wish
  const [live] = await host.storage.load([ref])
  if (!live) return undefined
  const memo = JSON.parse(live.memo) as AttemptMemo
  if ((memo.retry?.burned ?? 0) + 1 >= attemptsOf(wish)) return refusal('attempts_exhausted')
  const answer: CallbackAnswer = { status: 'scheduled', at }
  const said: AttemptMemo = { ...memo, callback: at }
  if (await tell({ ...note(answer), memo: JSON.stringify(said) })) return { answer, recorded: true }
  // It was known, and the call is live; or the call has ended in this moment.
  const [still] = await host.storage.load([ref])
  if (!still) return undefined
  const { callback = at } = JSON.parse(still.memo) as AttemptMemo
  return { answer: { status: 'scheduled', at: callback }, recorded: false }
}

/** The call is over, and the contact waits for its next: that one is moved. `undefined`: it does not wait any more. */
async function moveNext({ host, tell, note }: WishDesk, wish: Wish, task: TaskRecord): Promise<Placement | undefined> {
  const { parts, at } = wish
  if (readRetryMemo(task.memo).burned >= attemptsOf(wish)) return refusal('attempts_exhausted')
  const { index, jobId } = parts
  const answer: CallbackAnswer = { status: 'scheduled', at }
  const report = note(answer)
  const { ref, id } = report
  try {
    const moved = `callback of task ${index} at ${formatInstant(at)}`
    const next = { waitUntil: at }
    await host.storage.control(jobId, { task: { index, next, unlessNoted: { ref, id } }, note: moved })
  } catch (error) {
    if (isOutdialError(error, 'task_busy') || isOutdialError(error, 'task_ended')) return undefined
    throw error
  }
  if (await tell(report)) return { answer, recorded: true, moved: true }
  const { waitUntil = at } = (await host.storage.getTask(jobId, index)) ?? {}
  return { answer: { status: 'scheduled', at: waitUntil }, recorded: false }
}

function attemptsOf({ contact, spec }: Wish): number {
  return contact?.attempts ?? spec.attempts
}

function refusal(reason: CallbackRefusal): Placement {
  return { answer: refusedCallback(reason) }
}
