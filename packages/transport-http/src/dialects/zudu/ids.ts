import type { CallJob, CallTaskSnapshot } from '@outdial/core'
import type { Desk, Found } from '../../desk/desk.js'
import { RequestFailed } from '../../frame/failure.js'
import { hexOf, jobOfHex } from '../../frame/wire-id.js'
import { batchNotFound } from './errors.js'

const PREFIX = 'batch_call_'

export function batchIdOf(jobId: string): string {
  return PREFIX + hexOf(jobId)
}

/** A task's id says which job and which place in it. */
export function taskIdOf(jobId: string, { index }: CallTaskSnapshot): string {
  return `task_${hexOf(jobId)}_${index}`
}

/** The organization's batch call with this id; the documented error when it has none. */
export async function batchCall(desk: Desk, id: string): Promise<Found<CallJob>> {
  const jobId = id.startsWith(PREFIX) ? jobOfHex(id.slice(PREFIX.length)) : undefined
  if (jobId === undefined) throw batchNotFound(id, desk.organization)
  try {
    return await desk.callJob(jobId)
  } catch (error) {
    if (error instanceof RequestFailed && error.failure.kind === 'missing') throw batchNotFound(id, desk.organization)
    throw error
  }
}
