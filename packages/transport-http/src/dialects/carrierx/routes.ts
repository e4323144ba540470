import { empty, json } from '../../frame/answers.js'
import { type Method as HttpMethod, type Route, route } from '../../frame/route.js'
import { SCOPES } from './auth.js'
import { changeTask } from './change-task.js'
import { createTask } from './create-task.js'
import { statusConflict } from './errors.js'
import { itemErrorView } from './item-view.js'
import { taskView } from './job-view.js'
import { errorsQuery, fieldsAsked, getQuery, listAsked, listQuery } from './list-query.js'
import { listedTasks } from './listed-tasks.js'
import type { Settings } from './options.js'
import { reviewRoutes } from './review-routes.js'
import { createBody, patchBody, putBody } from './schema.js'
import { failedStates, statusOf } from './states.js'
import { aroundOf, itemAroundOf, taskOf } from './tasks.js'

const TASKS = '/core/v2/batch/tasks'
const TASK = `${TASKS}/:task_sid`

/** The routes, with the dialect's settings in them. */
export function routesOf(settings: Settings): readonly Route[] {
  return [
    create(settings),
    list(settings),
    retrieve(settings),
    change(settings, 'PATCH', patchBody),
    change(settings, 'PUT', putBody),
    remove,
    errors(settings),
    ...reviewRoutes(settings, TASK),
  ]
}

const create = (settings: Settings) =>
  route({
    method: 'POST',
    path: TASKS,
    scopes: SCOPES.create,
    summary: 'Create a task',
    body: createBody,
    handle: async ({ desk, body, limits }) => createTask(desk, body, await aroundOf(desk, settings), limits.rows),
  })

const list = (settings: Settings) =>
  route({
    method: 'GET',
    path: TASKS,
    scopes: SCOPES.read,
    summary: 'List the tasks',
    query: listQuery,
    async handle({ desk, query, links }) {
      const around = await aroundOf(desk, settings)
      const asked = listAsked(query)
      const page = await listedTasks(desk, asked, around)
      const items: unknown[] = []
      for (const { id } of page.items) {
        const { job, snapshot } = await desk.operationJob(id)
        items.push(await taskView(job, snapshot, around, asked.fields))
      }
      const { limit, offset } = asked
      return json(200, {
        count: items.length,
        has_more: page.hasMore,
        items,
        limit,
        offset,
        pagination: page.next ? { next: links.to(`${TASKS}?${nextQuery(query, page.next)}`) } : {},
        total: page.total,
      })
    },
  })

/** The same question, about the next page. */
function nextQuery(query: object, next: Readonly<Record<string, string>>): URLSearchParams {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...query, offset: undefined, ...next }))
    for (const one of [value ?? []].flat()) search.append(name, String(one))
  return search
}

const retrieve = (settings: Settings) =>
  route({
    method: 'GET',
    path: TASK,
    scopes: SCOPES.read,
    summary: 'Get a task by its SID',
    query: getQuery,
    async handle({ desk, params, query }) {
      const fields = fieldsAsked(query)
      const { job, snapshot } = await taskOf(desk, params.task_sid)
      return json(200, await taskView(job, snapshot, await aroundOf(desk, settings), fields))
    },
  })

const change = (settings: Settings, method: HttpMethod, body: typeof patchBody) =>
  route({
    method,
    path: TASK,
    scopes: SCOPES.update,
    summary: 'Update a task: approve it or cancel it',
    body,
    async handle({ desk, params, body, clock }) {
      const task = await taskOf(desk, params.task_sid)
      return json(200, await changeTask(task, body, await aroundOf(desk, settings), clock))
    },
  })

const remove = route({
  method: 'DELETE',
  path: TASK,
  scopes: SCOPES.delete,
  summary: 'Delete a task that has ended',
  async handle({ desk, params }) {
    const { job, snapshot } = await taskOf(desk, params.task_sid)
    // Canceled it is at once on the wire, but not over before what was under way has ended.
    if (snapshot.endedAt === undefined) throw statusConflict('must be completed or cancelled, with nothing under way')
    await job.delete()
    return empty()
  },
})

const errors = (settings: Settings) =>
  route({
    method: 'GET',
    path: `${TASK}/errors`,
    scopes: SCOPES.read,
    summary: 'Get the error details of a task',
    query: errorsQuery,
    async handle({ desk, params, query }) {
      const task = await taskOf(desk, params.task_sid)
      const around = itemAroundOf(desk, task, settings)
      const { limit, offset = 0 } = query
      const items: unknown[] = []
      let index = 0
      for await (const item of task.job.items({ states: failedStates(statusOf(task.snapshot)) })) {
        if (index++ >= offset) items.push(itemErrorView(item, around))
        if (items.length >= limit) break
      }
      return json(200, { items })
    },
  })
