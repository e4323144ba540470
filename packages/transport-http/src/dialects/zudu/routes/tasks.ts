import type { CallJob } from '@outdial/core'
import type { Found } from '../../../desk/desk.js'
import { sliceOf } from '../../../desk/pages.js'
import { json, textStream } from '../../../frame/answers.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { envelope } from '../envelope.js'
import { batchCall } from '../ids.js'
import { taskEntry, taskView } from '../item-view.js'
import { TASKS_FILE } from '../job-view.js'
import { paginationOf } from '../listing.js'
import { batchCallPath, listTasks } from '../schema.js'
import { createdAtOf } from '../wire.js'

export function taskRoutes(): readonly Route[] {
  const list = route({
    method: 'GET',
    path: '/batch-call/:id/tasks',
    scopes: SCOPES.readCalls,
    summary: 'List the tasks of a batch call',
    params: batchCallPath,
    query: listTasks,
    async handle({ desk, params, query: { page, limit } }) {
      const { id, job, snapshot } = await batchCall(desk, params.id)
      const { items, total } = await sliceOf(job.tasks(), { offset: page * limit, limit, total: snapshot.tasks.total })
      const tasks = items.map((task) => taskView(id, task, createdAtOf(snapshot)))
      const data = { tasks, pagination: paginationOf(page, limit, total) }
      return json(200, envelope('Batch call tasks retrieved successfully', data))
    },
  })

  /** What `tasks_url` leads to. */
  const file = route({
    method: 'GET',
    path: TASKS_FILE,
    scopes: [],
    summary: 'Get all tasks of a batch call as a file, by its signed URL',
    signed: true,
    params: batchCallPath,
    async handle({ desk, params }) {
      return textStream('application/json; charset=utf-8', fileOf(await batchCall(desk, params.id)))
    },
  })

  return [list, file]
}

/** A JSON array, one task a line. */
async function* fileOf({ id, job, snapshot }: Found<CallJob>): AsyncGenerator<string, void, undefined> {
  const created = createdAtOf(snapshot)
  let before = '[\n'
  for await (const task of job.tasks()) {
    yield before + JSON.stringify(taskEntry(id, task, created))
    before = ',\n'
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}
