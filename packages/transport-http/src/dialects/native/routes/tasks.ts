import type { CallJob, CallTaskSnapshot } from '@outdial/core'
import { empty, json } from '../../../frame/answers.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { taskView } from '../item-view.js'
import { CALLS } from '../kind.js'
import { pageOfThe, task as taskAnswer } from '../schema/answers.js'
import { taskPath } from '../schema/call-jobs.js'
import { jobPath, listTasks, pageOf, reasonBody } from '../schema/common.js'

const TASKS = `${CALLS.jobs}/:id/tasks`
const TASK = `${TASKS}/:task`
const group = 'Contacts'

const list = route({
  method: 'GET',
  path: TASKS,
  scopes: SCOPES.readCalls,
  summary: 'List the contacts of a campaign, in the order in which they were added',
  params: jobPath,
  query: listTasks,
  document: { group, status: 200, answer: pageOfThe(taskAnswer) },
  async handle({ desk, params, query }) {
    const { id, job } = await desk.callJob(params.id)
    const { items, cursor } = await job.taskPage(pageOf(query))
    return json(200, { items: items.map((task) => taskView(id, task)), ...(cursor !== undefined && { cursor }) })
  },
})

const get = route({
  method: 'GET',
  path: TASK,
  scopes: SCOPES.readCalls,
  summary: 'Get a contact of a campaign, by its position or its number',
  params: taskPath,
  document: { group, status: 200, answer: taskAnswer },
  async handle({ desk, params }) {
    const { id, job } = await desk.callJob(params.id)
    return json(200, taskView(id, await job.task(params.task)))
  },
})

const redact = route({
  method: 'POST',
  path: `${TASK}/redact`,
  scopes: SCOPES.manageCalls,
  summary: 'Remove the personal data of a contact that has ended, for good',
  params: taskPath,
  document: { group, status: 204 },
  async handle({ desk, params }) {
    const { job } = await desk.callJob(params.id)
    await job.redactTask(params.task)
    return empty()
  },
})

/** Ends a contact that waits. */
function ending(
  name: string,
  summary: string,
  end: (job: CallJob, which: number | string, reason?: string) => Promise<CallTaskSnapshot>,
): Route {
  return route({
    method: 'POST',
    path: `${TASK}/${name}`,
    scopes: SCOPES.manageCalls,
    summary,
    params: taskPath,
    body: reasonBody,
    document: { group, status: 200, answer: taskAnswer },
    async handle({ desk, params, body }) {
      const { id, job } = await desk.callJob(params.id)
      return json(200, taskView(id, await end(job, params.task, body?.reason)))
    },
  })
}

export const taskRoutes: readonly Route[] = [
  list,
  get,
  ending('cancel', 'Do not call a contact any more', (job, which, reason) => job.cancelTask(which, reason)),
  ending('skip', 'The same, counted as skipped', (job, which, reason) => job.skipTask(which, reason)),
  redact,
]
