import type { CallJob, IfRevision, JobSnapshot, OperationJob } from '@outdial/core'
import type * as z from 'zod'
import type { Desk } from '../../../desk/desk.js'
import { json } from '../../../frame/answers.js'
import { noBody } from '../../../frame/no-body.js'
import { type Route, route } from '../../../frame/route.js'
import { ifMatch } from '../if-match.js'
import { etagOf, jobView } from '../job-view.js'
import { CALLS, type Kind, OPERATIONS } from '../kind.js'
import { cancelCalls, failBody, scheduleBody } from '../schema/call-jobs.js'
import { expectBody, jobPath, pauseBody, reasonBody } from '../schema/common.js'

/** What changes the state of a job: `POST …/ID/NAME`. With `If-Match`, only if nobody has changed the job meanwhile. */
export function controls(kind: Kind): readonly Route[] {
  const control = <Body>(
    name: string,
    summary: string,
    body: z.ZodType<Body>,
    act: (job: CallJob | OperationJob, condition: IfRevision, given: Body) => Promise<JobSnapshot>,
  ): Route => controlOf(kind, (desk, id) => kind.find(desk, id), name, summary, body, act)
  return [
    control('start', 'Begin a draft, or a scheduled job before its time', expectBody, (job, when, given) =>
      job.start({ ...when, ...given }),
    ),
    control('schedule', 'Set another time', scheduleBody, (job, when, { start, timezone }) =>
      job.schedule(start, { ...when, ...(timezone !== undefined && { timezone }) }),
    ),
    control('approve', 'Let a job go that waits for review', expectBody, (job, when, given) =>
      job.approve({ ...when, ...given }),
    ),
    control(
      'pause',
      'Begin nothing more, for good or until a time; what is live goes on',
      pauseBody,
      (job, when, given) => job.pause({ ...when, ...given }),
    ),
    control('resume', 'Go on after a pause', noBody, (job, when) => job.resume(when)),
    control('fail', 'End what waits as failed', failBody, (job, when, { reason }) => job.fail(reason, when)),
    ...(kind === CALLS ? CALLS_ONLY : OPERATIONS_ONLY),
  ]
}

const CALLS_ONLY: readonly Route[] = [
  controlOf(
    CALLS,
    (desk, id) => desk.callJob(id),
    'close',
    'Complete a campaign that was kept open',
    noBody,
    (job, when) => job.close(when),
  ),
  controlOf(
    CALLS,
    (desk, id) => desk.callJob(id),
    'cancel',
    'End every waiting contact as canceled',
    cancelCalls,
    (job, when, given) => job.cancel({ ...when, ...given }),
  ),
]

const OPERATIONS_ONLY: readonly Route[] = [
  controlOf(
    OPERATIONS,
    (desk, id) => desk.operationJob(id),
    'cancel',
    'End every waiting item as canceled',
    reasonBody,
    (job, when, given) => job.cancel({ ...when, ...given }),
  ),
]

function controlOf<Job extends CallJob | OperationJob, Body>(
  { jobs, manage, group, answer }: Kind,
  find: (desk: Desk, id: string) => Promise<{ id: string; job: Job }>,
  name: string,
  summary: string,
  body: z.ZodType<Body>,
  act: (job: Job, condition: IfRevision, given: Body) => Promise<JobSnapshot>,
): Route {
  return route({
    method: 'POST',
    path: `${jobs}/:id/${name}`,
    scopes: manage,
    summary,
    params: jobPath,
    body,
    document: { group, status: 200, answer, headers: ['If-Match'] },
    async handle({ desk, params, body: given, headers }) {
      const condition = ifMatch(headers)
      const { id, job } = await find(desk, params.id)
      const snapshot = await act(job, condition, given)
      return json(200, jobView(id, snapshot), etagOf(snapshot))
    },
  })
}
