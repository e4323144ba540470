import type { AppendOptions, CallJob, IfRevision, JobSnapshot } from '@outdial/core'
import type * as z from 'zod'
import type { CallsGiven } from '../../desk/desk.js'
import { empty, json } from '../../frame/answers.js'
import { replayed } from '../../frame/idempotency.js'
import { noBody } from '../../frame/no-body.js'
import { type Route, route } from '../../frame/route.js'
import { SCOPES } from './auth.js'
import { uploadedContacts } from './contacts.js'
import { ifMatch } from './if-match.js'
import { etagOf, jobView } from './job-view.js'
import { appendContacts, cancelBody, createCallJob, jobPath, listJobs, pauseBody } from './schema.js'

const JOBS = '/v1/call-jobs'
const JOB = `${JOBS}/:id`

const create = route({
  method: 'POST',
  path: JOBS,
  scopes: SCOPES.manageCalls,
  summary: 'Create a campaign',
  body: createCallJob,
  async handle({ desk, body, links }) {
    const { id, job, snapshot, ...made } = await desk.createCalls(body as CallsGiven)
    const headers = { ...etagOf(snapshot), ...replayed(made), location: links.to(`${JOBS}/${id}`) }
    return json(201, { ...jobView(id, snapshot), intake: job.intake }, headers)
  },
})

const list = route({
  method: 'GET',
  path: JOBS,
  scopes: SCOPES.readCalls,
  summary: 'List campaigns, oldest first',
  query: listJobs,
  async handle({ desk, query: { state, cursor, limit } }) {
    const page = await desk.page('calls', {
      max: limit,
      ...(state !== undefined && { states: [state].flat() }),
      ...(cursor !== undefined && { cursor }),
    })
    const items = page.items.map((job) => jobView(desk.idOf(job), job))
    return json(200, { items, ...(page.cursor !== undefined && { cursor: page.cursor }) })
  },
})

const get = route({
  method: 'GET',
  path: JOB,
  scopes: SCOPES.readCalls,
  summary: 'Get a campaign',
  params: jobPath,
  async handle({ desk, params }) {
    const { id, snapshot } = await desk.callJob(params.id)
    return json(200, jobView(id, snapshot), etagOf(snapshot))
  },
})

const remove = route({
  method: 'DELETE',
  path: JOB,
  scopes: SCOPES.manageCalls,
  summary: 'Delete a campaign that has ended',
  params: jobPath,
  async handle({ desk, params }) {
    const { job } = await desk.callJob(params.id)
    await job.delete()
    return empty()
  },
})

const append = route({
  method: 'POST',
  path: `${JOB}/contacts`,
  scopes: SCOPES.manageCalls,
  summary: 'Add contacts to a campaign: CSV, JSON Lines or a JSON array',
  params: jobPath,
  query: appendContacts,
  body: 'raw',
  async handle({ desk, params, query, raw, limits }) {
    const found = await desk.callJob(params.id)
    const added = await desk.append(found, uploadedContacts(raw, limits), query as AppendOptions)
    return json(200, added.intake, replayed(added))
  },
})

/** A control: `POST /v1/call-jobs/ID/NAME`. With `If-Match`, only if nobody has changed the job meanwhile. */
function control<Body>(
  name: string,
  summary: string,
  body: z.ZodType<Body>,
  act: (job: CallJob, condition: IfRevision, given: Body) => Promise<JobSnapshot>,
): Route {
  return route({
    method: 'POST',
    path: `${JOB}/${name}`,
    scopes: SCOPES.manageCalls,
    summary,
    params: jobPath,
    body,
    async handle({ desk, params, body: given, headers }) {
      const { id, job } = await desk.callJob(params.id)
      const snapshot = await act(job, ifMatch(headers), given)
      return json(200, jobView(id, snapshot), etagOf(snapshot))
    },
  })
}

export const routes: readonly Route[] = [
  create,
  list,
  get,
  remove,
  append,
  control('start', 'Begin a draft, or a scheduled campaign before its time', noBody, (job, when) => job.start(when)),
  control('approve', 'Let a campaign go that waits for review', noBody, (job, when) => job.approve(when)),
  control('pause', 'Stop new calls; live ones go on', pauseBody, (job, when, given) =>
    job.pause({ ...when, ...given }),
  ),
  control('resume', 'Go on after a pause', noBody, (job, when) => job.resume(when)),
  control('close', 'Complete a campaign that was kept open', noBody, (job, when) => job.close(when)),
  control('cancel', 'End every waiting contact as canceled', cancelBody, (job, when, given) =>
    job.cancel({ ...when, ...given }),
  ),
]
