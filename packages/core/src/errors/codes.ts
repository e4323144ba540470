const CODES = {
  invalid_options: 'An option is missing or wrong; `details.field` names it. Nothing was changed.',
  invalid_rows:
    'The job asked for all rows or none, and some row was rejected; `details.rejected` lists them. Nothing was created.',
  no_contacts: 'Not one row became a contact, so there is nothing to do. Nothing was created.',
  unexpected_count:
    'Another number of items than the caller expected; `details.found` says how many there are. Nothing was changed.',
  job_not_found: 'No such job, or not yours.',
  task_not_found: 'No such task.',
  call_not_found: 'No such call.',
  call_contended:
    'Others corrected the record of this call each time it was to be corrected. The event was not stored; send it again.',
  illegal_transition: 'The job or task is in a state in which this cannot be asked of it.',
  revision_conflict: 'The job was changed by somebody else since you read it. Read it again and decide anew.',
  idempotency_conflict: 'The idempotency key was used for a different request.',
  batch_busy: 'Another batch is being added to this job. Try again when it is done.',
  batch_discarded:
    'The batch was given up in favour of a later one with the same key, or after a minute without a sign of life.',
  batch_incomplete: 'The store has another number of tasks than were sent; nothing of the batch was added.',
  task_busy: 'The task is being dialed right now. Wait for its call, or cancel the call.',
  task_ended: 'The task has ended and cannot change any more.',
  task_not_ended: 'Only a task that has ended can be redacted.',
  job_not_ended: 'Only a job that has ended can be deleted.',
  sequence_broken: 'Two users of one exchange channel. A defect of the engine or of the store adapter.',
  not_durable: 'The store cannot promise that a fence survives its crash, and durability was asked for.',
  not_supported: 'The adapter does not have this capability.',
  unknown_carrier: 'No carrier of that name is configured.',
  carrier_misconfigured:
    'An account cannot do its work as it is set up; `details.problems` names what has to be repaired. Nothing was begun.',
  insufficient_balance:
    'The account has less than the job needs to begin; `details.required` and `details.available` say how much. Nothing was begun.',
  account_unavailable:
    'Whoever keeps the balances cannot be asked now. Nothing was begun; what was set aside is given back.',
  unknown_resource: 'No resource back end of that type is configured.',
  storage_mismatch: 'The storage adapter was written for another version of the storage port.',
  storage_unavailable: 'The store cannot be opened or used, or the package that it needs cannot be loaded.',
  barrier_unmet:
    'What was written is not yet on disk, or on every replica that may be promoted. Nothing is dialed before it is.',
  storage_full: 'The store has no room left for what was to be written. Nothing was changed.',
  engine_stopped: 'The engine has been stopped.',
  stop_timeout:
    'The engine was stopped before all live calls had ended. Nothing is lost: they are reconciled at the next start.',
  webhook_forged: 'The signature of a webhook does not hold. It was ignored.',
  events_trimmed: 'Events were asked for that the store no longer keeps.',
  invalid_schedule: 'A time, zone or window cannot be understood; `details.field` names it.',
  aborted: 'The given AbortSignal was aborted.',
} as const

/** See {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof CODES

/**
 * Every error code, with what it means. `docs/errors.md` has a heading for each; a test keeps the two equal.
 */
export const ERROR_CODES: Readonly<Record<ErrorCode, string>> = CODES
