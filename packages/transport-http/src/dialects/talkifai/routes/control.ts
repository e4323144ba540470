import type { CallJob } from '@outdial/core'
import type * as z from 'zod'
import type { Desk, Found } from '../../../desk/desk.js'
import { json } from '../../../frame/answers.js'
import { type Method, type Route, type RouteContext, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { illegalStep } from '../errors.js'
import { batchIdOf, scheduledJobIdOf } from '../ids.js'
import { rescheduleQuery } from '../schema.js'
import { checkTimezone, scheduledTime, wireTime } from '../time.js'
import { batchOf, JOB, OLD_JOB } from './batch.js'

type Answer = Readonly<Record<string, unknown>>

/** A step of a batch's life. One that its status does not allow is refused by the engine, and told in `errors.ts`. */
function control(
  path: string,
  summary: string,
  act: (found: Found<CallJob>, now: number) => Promise<Answer>,
  method: Method = 'POST',
): Route {
  return route({
    method,
    path,
    scopes: SCOPES.manageCalls,
    summary,
    async handle({ desk, params, clock }) {
      return json(200, { success: true, ...(await act(await batchOf(desk, params), clock.now())) })
    },
  })
}

/** Live calls end by themselves. */
async function cancel({ id, job, snapshot }: Found<CallJob>): Promise<Answer> {
  const after = await job.cancel()
  const scheduled = snapshot.state === 'scheduled'
  const begun = snapshot.state === 'running' || snapshot.state === 'paused'
  return {
    message: scheduled
      ? 'Scheduled job cancelled successfully'
      : begun
        ? 'Job was already running - cancelled remaining contacts'
        : 'Job cancelled successfully',
    batchJobId: batchIdOf(id),
    redisJobCancelled: scheduled,
    contactsCancelled: after.tasks.canceled - snapshot.tasks.canceled,
  }
}

/** A batch that was created without a time has been started, and is pending until a worker takes it up. */
async function start({ id, job, snapshot }: Found<CallJob>, now: number): Promise<Answer> {
  const scheduled = snapshot.state === 'scheduled'
  const { startedAt = now } = snapshot.state === 'queued' ? snapshot : await job.start()
  return {
    message: scheduled ? 'Cancelled scheduled job, starting immediately' : 'Starting immediately',
    batchJobId: batchIdOf(id),
    status: 'running',
    contactsEnqueued: snapshot.tasks.waiting,
    redisJobCancelled: scheduled,
    startedAt: wireTime(startedAt),
  }
}

async function pause({ id, job }: Found<CallJob>): Promise<Answer> {
  await job.pause()
  return { message: 'Batch job paused', batchJobId: batchIdOf(id), status: 'paused' }
}

async function resume({ id, job }: Found<CallJob>): Promise<Answer> {
  await job.resume()
  return { message: 'Batch job resumed', batchJobId: batchIdOf(id), status: 'running' }
}

/** With live calls it cannot be; one that has not ended is canceled first. */
async function remove({ id, job, snapshot }: Found<CallJob>): Promise<Answer> {
  const { state, calls } = snapshot
  if (state === 'running' || state === 'canceling' || calls.live > 0) throw illegalStep('delete', state)
  if (snapshot.endedAt === undefined) {
    const after = await job.cancel({ ifRevision: snapshot.revision, reason: 'deleted' })
    if (after.endedAt === undefined) throw illegalStep('delete', after.state)
  }
  await job.delete()
  return { message: 'Batch job deleted', batchJobId: batchIdOf(id) }
}

type Given = RouteContext<Record<string, string>, z.output<typeof rescheduleQuery>>

async function reschedule(desk: Desk, { params, query, clock }: Given): Promise<Response> {
  const { timezone, scheduledStartTime } = query
  checkTimezone(timezone)
  const at = scheduledTime(scheduledStartTime, timezone, clock.now())
  const { id, job, snapshot } = await batchOf(desk, params)
  await job.schedule(at)
  const again = snapshot.state === 'scheduled'
  return json(200, {
    success: true,
    message: again ? 'Rescheduled successfully (old job cancelled)' : 'Scheduled successfully',
    batchJobId: batchIdOf(id),
    scheduledStartTime: wireTime(at),
    status: 'scheduled',
    oldJobCancelled: again,
    newScheduledJobId: scheduledJobIdOf(id, at),
  })
}

/** The reference says PATCH, the platform's page POST. */
const rescheduleBy = (method: 'PATCH' | 'POST') =>
  route({
    method,
    path: `${JOB}/reschedule`,
    scopes: SCOPES.manageCalls,
    summary: 'Set another start time',
    query: rescheduleQuery,
    handle: (given: Given) => reschedule(given.desk, given),
  })

const CANCEL = 'End every waiting contact as cancelled; live calls go on'
const START = 'Start a scheduled or pending batch job now'
const PAUSE = 'Begin no more calls; live ones go on'
const RESUME = 'Go on after a pause'
const DELETE = 'Remove a batch job that has no live calls'

export const controls: readonly Route[] = [
  control(`${JOB}/cancel`, CANCEL, cancel),
  control(`${OLD_JOB}/cancel`, CANCEL, cancel),
  control(`${JOB}/start`, START, start),
  control(`${OLD_JOB}/start-now`, START, start),
  rescheduleBy('PATCH'),
  rescheduleBy('POST'),
  control(`${JOB}/pause`, PAUSE, pause),
  control(`${OLD_JOB}/pause`, PAUSE, pause),
  control(`${JOB}/resume`, RESUME, resume),
  control(`${OLD_JOB}/resume`, RESUME, resume),
  control(JOB, DELETE, remove, 'DELETE'),
  control(OLD_JOB, DELETE, remove, 'DELETE'),
]
