import { type ErrorCode, type ErrorDetails, OutdialError } from '@outdial/core'

/** What a script refused with, as an error for people. */
export function refusal(code: string, details: ErrorDetails): OutdialError {
  const message = MESSAGES[code as keyof typeof MESSAGES]?.(details as Record<string, unknown>) ?? `Refused: ${code}.`
  return new OutdialError(code as ErrorCode, message, details)
}

type Facts = Record<string, unknown>

const NOT_OURS = 'A key under our prefix holds something that is not ours. Use another `prefix`.'

const MESSAGES = {
  job_not_found: ({ jobId }: Facts) => `There is no job ${jobId}.`,
  task_not_found: ({ jobId, index }: Facts) => `Job ${jobId} has no task ${index}.`,
  task_ended: ({ jobId, index }: Facts) => `Task ${index} of job ${jobId} has ended.`,
  task_busy: ({ jobId, index }: Facts) => `Task ${index} of job ${jobId} is being dialed.`,
  task_not_ended: ({ jobId, index }: Facts) => `Task ${index} of job ${jobId} has not ended.`,
  job_not_ended: ({ jobId, state }: Facts) => `Job ${jobId} is ${state}; cancel it first.`,
  illegal_transition: ({ jobId, state }: Facts) => `Job ${jobId} is ${state} and takes no more tasks.`,
  revision_conflict: ({ jobId, revision, ifRevision }: Facts) =>
    `Job ${jobId} is at revision ${revision}, not ${ifRevision}. Read it again and repeat the change.`,
  idempotency_conflict: ({ idempotencyKey, jobId }: Facts) =>
    `The idempotency key "${idempotencyKey}" was used for a different job (${jobId}). Use a new key for a new request.`,
  batch_busy: ({ jobId }: Facts) => `Another batch is being added to job ${jobId}. Try again when it is done.`,
  batch_discarded: ({ jobId, batch }: Facts) => `Batch ${batch} of job ${jobId} is not open any more.`,
  batch_incomplete: ({ jobId, batch, stored, expected }: Facts) =>
    `Batch ${batch} of job ${jobId} has ${stored} tasks, not ${expected}; none of them was added.`,
  not_supported: ({ field, most }: Facts) =>
    `This store has no room for a ${field} of this number: there are ${most} in a job at most.`,
  storage_unavailable: () => NOT_OURS,
  storage_mismatch: ({ layout, known }: Facts) =>
    `The data under this prefix have layout ${layout}, and this version of the package knows layout ${known}. Run the version of @outdial/storage-redis that wrote them, or use another \`prefix\`.`,
  sequence_broken: ({ channel, batch, seq, last }: Facts) =>
    batch === undefined
      ? `Exchange ${seq} of channel ${channel} came after ${last || 'none'}.`
      : `Chunk ${seq} of batch ${batch} came after ${last}.`,
}

/** What to say of keys that no node answers for. */
export const MOVING = 'The Cluster is moving what is kept here to another node. Try again: it goes on when it is there.'

/** Errors of the server that say that nothing has changed, by the word they begin with. */
const SERVER: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  OOM: ['storage_full', 'Redis has no memory left for writing (`maxmemory`). Nothing was changed.'],
  MISCONF: ['storage_full', 'Redis cannot write to its disk, and takes no changes until it can. Nothing was changed.'],
  READONLY: ['storage_unavailable', 'This Redis is a replica and takes no changes: connect to the primary.'],
  LOADING: ['storage_unavailable', 'Redis is still reading its data from disk. Try again when it is done.'],
  MASTERDOWN: ['storage_unavailable', 'This Redis is a replica that has lost its primary.'],
  MOVED: ['storage_unavailable', MOVING],
  ASK: ['storage_unavailable', MOVING],
  TRYAGAIN: ['storage_unavailable', MOVING],
  CLUSTERDOWN: ['storage_unavailable', 'A part of the Redis Cluster is down, and it serves nothing until it is back.'],
  WRONGTYPE: ['storage_unavailable', NOT_OURS],
  NOPERM: ['storage_unavailable', 'The user of this Redis connection may not do what the store has to do.'],
  NOAUTH: ['storage_unavailable', 'Redis wants a password that the client does not have.'],
}

/** An error of the server in our terms; what is not known to have failed stays as it is. */
export function serverError(error: unknown): unknown {
  const message = error instanceof Error ? error.message : ''
  const word =
    /^(?:Too many Cluster redirections. Last error: ReplyError: )?(?:ERR )?-?([A-Z]+)\b/.exec(message)?.[1] ?? ''
  const known = Object.hasOwn(SERVER, word) ? SERVER[word] : undefined
  // The client tells with an error what it has sent: a script, and what is nobody's business.
  if (error instanceof Error && 'command' in error) delete error.command
  return known ? new OutdialError(known[0], known[1], { redis: message }, { cause: error }) : error
}
