import { type CallTaskSnapshot, formatInstant } from '@outdial/core'
import { taskIdOf } from './ids.js'
import { taskStatus } from './states.js'

/** A task as `GET /batch-call/ID/tasks` lists it. `created` is when its batch call was. */
export function taskView(jobId: string, task: CallTaskSnapshot, created: number): Record<string, unknown> {
  const status = taskStatus(task)
  return {
    task_id: taskIdOf(jobId, task),
    to_number: task.redacted ? null : task.phone,
    status,
    call_id: task.liveCall ?? task.calls.at(-1)?.ref ?? null,
    error_message: status === 'FAILED' ? errorMessage(task) : null,
    created_at: formatInstant(created),
  }
}

/** The same with its variables, as the tasks file has it. */
export function taskEntry(jobId: string, task: CallTaskSnapshot, created: number): Record<string, unknown> {
  return { ...taskView(jobId, task, created), dynamic_variables: task.variables }
}

/** Why a task ended without the person being reached: what came of the last call, and why there is no further one. */
function errorMessage({ state, outcome, reason }: CallTaskSnapshot): string {
  const parts = [outcome, reason].filter((part, i, all) => part !== undefined && all.indexOf(part) === i)
  return (parts.length > 0 ? parts.join(': ') : state).replaceAll('_', ' ')
}
