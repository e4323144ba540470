import type { CallJob, JobSnapshot, OperationJob } from '@outdial/core'
import type * as z from 'zod'
import type { Desk, Found } from '../../desk/desk.js'
import { SCOPES } from './auth.js'
import { callJob, operationJob } from './schema/answers.js'

/** What the routes of campaigns and of operations differ in, where they do the same. */
export interface Kind {
  readonly kind: JobSnapshot['kind']
  /** Path of its jobs. */
  readonly jobs: string
  /** Heading of documents. */
  readonly group: string
  /** What one is called. */
  readonly one: string
  readonly read: readonly string[]
  readonly manage: readonly string[]
  readonly answer: z.ZodType
  find(desk: Desk, id: string): Promise<Found<CallJob | OperationJob>>
  /** Removes one that has ended, with those whose place it took. */
  remove(desk: Desk, id: string): Promise<void>
}

export const CALLS: Kind = {
  kind: 'calls',
  jobs: '/v1/call-jobs',
  group: 'Campaigns',
  one: 'campaign',
  read: SCOPES.readCalls,
  manage: SCOPES.manageCalls,
  answer: callJob,
  find: (desk, id) => desk.callJob(id),
  remove: async (desk, id) => desk.removeCalls(await desk.callJob(id)),
}

export const OPERATIONS: Kind = {
  kind: 'operations',
  jobs: '/v1/operation-jobs',
  group: 'Operations',
  one: 'bulk operation',
  read: SCOPES.readOperations,
  manage: SCOPES.manageOperations,
  answer: operationJob,
  find: (desk, id) => desk.operationJob(id),
  remove: async (desk, id) => (await desk.operationJob(id)).job.delete(),
}
