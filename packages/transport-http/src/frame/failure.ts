import type { OutdialError } from '@outdial/core'
import type * as z from 'zod'

/** Where something that a client sent was found wrong. */
export type Place = 'params' | 'query' | 'headers' | 'body'

/** What can go wrong with a request before, or instead of, a dialect's own answer. */
export type Failure =
  /** No key, half a key, or nobody's; `shown` when there was a whole one. */
  | { kind: 'unauthenticated'; shown: boolean }
  /** The key lacks every scope that the route takes. */
  | { kind: 'forbidden'; scopes: readonly string[] }
  /** There is no such route. */
  | { kind: 'not_found' }
  /** There is, for other methods. */
  | { kind: 'method_not_allowed'; allowed: readonly string[] }
  /** The organization has no such thing; whether another has, nobody learns. */
  | { kind: 'missing'; what: 'job' | 'task' | 'call' | 'number'; id: string }
  /** What was sent does not fit the route's schema. */
  | { kind: 'invalid'; place: Place; issues: readonly [z.core.$ZodIssue, ...z.core.$ZodIssue[]] }
  /** The body is not what its content type says: no JSON, nested too deeply, not text. */
  | { kind: 'malformed'; problem: string }
  | { kind: 'unsupported_media_type'; expected: readonly string[] }
  /** Body, headers or query are larger than the limit, in bytes. */
  | { kind: 'too_large'; what: 'body' | 'headers' | 'query'; limit: number }
  /** The body came too slowly. */
  | { kind: 'too_slow' }
  /** Too many requests of this organization. `limit` is per second, times are seconds. */
  | { kind: 'rate_limited'; limit: number; retryAfter: number }
  /** Too many event streams or uploads are open. */
  | { kind: 'too_many_streams'; limit: number }
  /** What the engine refused; its `details.field` is an engine option. */
  | { kind: 'refused'; error: OutdialError<string> }
  /** A defect, or a store that is away. The error went to `onError`; nothing of it goes out. */
  | { kind: 'internal' }

/** What a dialect may say of the request that failed. */
export interface FailedRequest {
  readonly requestId: string
  readonly method: string
  readonly path: string
  /** Path of the route's pattern, e.g. `/batch-call/:id`, when one was found. */
  readonly route?: string
}

/** Thrown to end a request with a failure; the dialect puts it into words. */
export class RequestFailed extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.kind)
    this.name = 'RequestFailed'
    this.failure = failure
  }
}

/** The status that a failure has by the books of HTTP. A dialect whose service does otherwise says otherwise. */
export function statusOf(failure: Failure): number {
  switch (failure.kind) {
    case 'unauthenticated':
      return 401
    case 'forbidden':
      return 403
    case 'not_found':
    case 'missing':
      return 404
    case 'method_not_allowed':
      return 405
    case 'invalid':
      return failure.place === 'body' ? 422 : 400
    case 'malformed':
      return 400
    case 'unsupported_media_type':
      return 415
    case 'too_large':
      return failure.what === 'body' ? 413 : failure.what === 'query' ? 414 : 431
    case 'too_slow':
      return 408
    case 'rate_limited':
    case 'too_many_streams':
      return 429
    case 'refused':
      return statusOfCode(failure.error.code)
    case 'internal':
      return 500
  }
}

const NOT_FOUND = new Set(['job_not_found', 'task_not_found', 'call_not_found'])
const CONFLICT = new Set([
  'illegal_transition',
  'unexpected_count',
  'idempotency_conflict',
  'batch_busy',
  'batch_discarded',
  'task_busy',
  'task_ended',
  'task_not_ended',
  'job_not_ended',
])
/** What the client could not have avoided. */
const UNAVAILABLE = new Set([
  'storage_unavailable',
  'account_unavailable',
  'storage_full',
  'engine_stopped',
  'stop_timeout',
  'not_durable',
  'barrier_unmet',
  'call_contended',
])
/** Not the client's, and not to be waited out. */
const OURS = new Set(['sequence_broken', 'storage_mismatch', 'batch_incomplete'])

function statusOfCode(code: string): number {
  if (NOT_FOUND.has(code)) return 404
  if (CONFLICT.has(code)) return 409
  if (code === 'revision_conflict') return 412
  if (code === 'file_too_large') return 413
  if (code === 'events_trimmed') return 410
  if (code === 'webhook_forged') return 401
  if (code === 'not_supported') return 501
  if (code === 'insufficient_balance') return 402
  if (UNAVAILABLE.has(code)) return 503
  return OURS.has(code) ? 500 : 422
}
