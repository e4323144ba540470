import { type CallJob, csvCell } from '@outdial/core'
import { attachment, textStream } from '../../../frame/answers.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { illegalStep } from '../errors.js'
import { batchIdOf } from '../ids.js'
import { attemptCount, reasonOf, secondsOf } from '../item-view.js'
import { exportBody } from '../schema.js'
import { batchStatus, contactStatus } from '../states.js'
import { wireTimeOrNull } from '../time.js'
import { batchOf, JOB } from './batch.js'

const COLUMNS = ['name', 'phone', 'status', 'attempts', 'duration', 'failureReason', 'lastAttemptAt']

/** Contacts as CSV, a line at a time: all of them, those that were reached, or those that were not. */
async function* lines(
  job: CallJob,
  filter: 'all' | 'successful' | 'failed',
  now: number,
): AsyncGenerator<string, void, undefined> {
  yield line(COLUMNS)
  for await (const task of job.tasks()) {
    const status = contactStatus(task, now)
    if (filter !== 'all' && (status === 'completed') !== (filter === 'successful')) continue
    yield line([
      task.variables.name,
      task.phone,
      status,
      attemptCount(task),
      secondsOf(task, status),
      reasonOf(task, status),
      wireTimeOrNull(task.calls.at(-1)?.fencedAt),
    ])
  }
}

function line(cells: readonly unknown[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

export const exportJob: Route = route({
  method: 'POST',
  path: `${JOB}/export`,
  scopes: SCOPES.readCalls,
  summary: 'Download the results of a batch job that has ended',
  body: exportBody,
  async handle({ desk, params, body: { filter }, clock }) {
    const { id, job, snapshot } = await batchOf(desk, params)
    const status = batchStatus(snapshot)
    const ended = snapshot.endedAt !== undefined
    if (!ended || (status !== 'completed' && status !== 'failed')) throw illegalStep('export', snapshot.state)
    const headers = attachment(`${batchIdOf(id)}.csv`)
    return textStream('text/csv; charset=utf-8', lines(job, filter, clock.now()), headers)
  },
})
