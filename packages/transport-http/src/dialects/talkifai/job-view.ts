import type { CallSpec, JobSnapshot } from '@outdial/core'
import { batchIdOf } from './ids.js'
import { batchStatus, RETRYABLE } from './states.js'
import { wireTime, wireTimeOrNull } from './time.js'
import { factsOf } from './wire.js'

/** Contacts by what came of them. Those that wait for a retry, or were given back, count as failed until they are called. */
export function progressOf({ tasks }: JobSnapshot) {
  const successfulCalls = tasks.succeeded
  const failedCalls = tasks.failed + tasks.skipped + tasks.expired + tasks.deferred
  return { contactsProcessed: successfulCalls + failedCalls, successfulCalls, failedCalls }
}

function factsOfBatch(id: string, job: JobSnapshot) {
  const { agent } = job.spec as CallSpec
  return {
    id: batchIdOf(id),
    name: job.name,
    description: job.description ?? null,
    status: batchStatus(job),
    organizationId: job.organization,
    agentId: agent ?? null,
    fromPhoneNumberId: factsOf(job)?.fromPhoneNumberId ?? null,
    totalContacts: job.tasks.total,
    ...progressOf(job),
  }
}

function limitsOfBatch({ spec }: JobSnapshot) {
  const { concurrency, attempts } = spec as CallSpec
  return {
    concurrentCallLimit: concurrency ?? null,
    retryPolicy: { maxAttempts: attempts, retryableStatuses: RETRYABLE },
  }
}

function timesOfBatch({ startAt, startedAt, endedAt }: JobSnapshot) {
  return {
    scheduledStartTime: wireTimeOrNull(startAt),
    actualStartTime: wireTimeOrNull(startedAt),
    completedAt: wireTimeOrNull(endedAt),
  }
}

/** A batch as lists show it. */
export function batchView(id: string, job: JobSnapshot): Record<string, unknown> {
  return { ...factsOfBatch(id, job), ...timesOfBatch(job), createdAt: wireTime(job.createdAt), ...limitsOfBatch(job) }
}

/** A batch by itself: with what its contacts are, and when it will be done. */
export function batchDetail(
  id: string,
  job: JobSnapshot,
  breakdown: Readonly<Record<string, number>>,
  completion: number | undefined,
): Record<string, unknown> {
  return {
    ...factsOfBatch(id, job),
    statusBreakdown: breakdown,
    ...timesOfBatch(job),
    estimatedCompletionTime: wireTimeOrNull(completion),
    createdAt: wireTime(job.createdAt),
    ...limitsOfBatch(job),
  }
}
