import type * as z from 'zod'
import { json } from '../../../frame/answers.js'
import { type Route, type RouteContext, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { contactBreakdown, contactPage } from '../contact-page.js'
import { otherOrganization } from '../errors.js'
import { completionTime } from '../estimate.js'
import { batchIdOf, scheduledJobIdOf } from '../ids.js'
import { batchDetail, batchView, progressOf } from '../job-view.js'
import { contactsQuery, detailQuery, listQuery } from '../schema.js'
import type { Settings } from '../settings.js'
import { batchStatus, statesOf } from '../states.js'
import { wireTime, wireTimeOrNull } from '../time.js'
import { batchOf, JOB, JOBS, OLD_JOB } from './batch.js'

/** What can be asked of batches. */
export function reading(settings: Settings): readonly Route[] {
  return [list(JOBS), list('/batch/list'), redisStatus, detail(JOB, settings), contacts, detail(OLD_JOB, settings)]
}

function list(path: string): Route {
  return route({
    method: 'GET',
    path,
    scopes: SCOPES.readCalls,
    summary: 'List batch jobs, newest first',
    query: listQuery,
    async handle({ desk, query: { organizationId, status, page, pageSize } }) {
      if (organizationId !== desk.organization) throw otherOrganization()
      const { items, total } = await desk.list({
        kind: 'calls',
        ...(status !== undefined && { states: statesOf(status), where: (job) => batchStatus(job) === status }),
        offset: (page - 1) * pageSize,
        limit: pageSize,
      })
      return json(200, { batchJobs: items.map((job) => batchView(desk.idOf(job), job)), total, page, pageSize })
    },
  })
}

type Given = RouteContext<Record<string, string>, z.output<typeof detailQuery>>

function detail(path: string, settings: Settings): Route {
  return route({
    method: 'GET',
    path,
    scopes: SCOPES.readCalls,
    summary: 'Get a batch job with a page of its contacts',
    query: detailQuery,
    async handle({ desk, params, query, clock }: Given) {
      const { id, job, snapshot } = await batchOf(desk, params)
      const now = clock.now()
      const { contactStatus, contactsPage: page, contactsPageSize: size } = query
      const found = await contactBreakdown(
        job,
        snapshot,
        { page, size, ...(contactStatus && { status: contactStatus }) },
        now,
      )
      const completion = completionTime(snapshot, progressOf(snapshot).contactsProcessed, now, settings)
      return json(200, { ...batchDetail(id, snapshot, found.breakdown, completion), ...found.contacts })
    },
  })
}

const contacts = route({
  method: 'GET',
  path: `${OLD_JOB}/contacts`,
  scopes: SCOPES.readCalls,
  summary: 'Get a page of the contacts of a batch job',
  query: contactsQuery,
  async handle({ desk, params, query: { page, pageSize }, clock }) {
    const { job, snapshot } = await batchOf(desk, params)
    return json(200, await contactPage(job, snapshot, { page, size: pageSize }, clock.now()))
  },
})

/** There is no second place where a schedule is kept and could be lost; so what it tells is always that it is there. */
const redisStatus = route({
  method: 'GET',
  path: `${JOB}/redis-status`,
  scopes: SCOPES.readCalls,
  summary: 'Tell whether the schedule of a batch job is there',
  async handle({ desk, params }) {
    const { id, snapshot } = await batchOf(desk, params)
    const { state, startAt } = snapshot
    const scheduled = state === 'scheduled' ? startAt : undefined
    const jobId = scheduled === undefined ? null : scheduledJobIdOf(id, scheduled)
    return json(200, {
      batchJobId: batchIdOf(id),
      databaseStatus: batchStatus(snapshot),
      scheduledJobId: jobId,
      scheduledStartTime: wireTimeOrNull(startAt),
      redisJobInfo:
        scheduled === undefined
          ? null
          : {
              job_id: jobId,
              in_defer_queue: false,
              job_metadata_exists: true,
              scheduled_time: wireTime(scheduled).replace('Z', '+00:00'),
              note: 'The schedule is kept with the job; there is no queue of deferred jobs',
            },
    })
  },
})
