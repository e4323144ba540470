import type { AccountProblem } from './account-problem.js'

/** A thing of the host's or a provider's that operations jobs create, change and delete: a phone number, a trunk, a prefix. */
export interface Resource {
  /** The back end's own identifier. */
  readonly id: string
  /** All fields as the back end shows them, the key fields among them. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** Names one resource by a key field, e.g. `{ field: 'phonenumber', value: '+12025550100' }`. */
export interface Selector {
  readonly field: string
  readonly value: string
}

/** Why one item failed, in the words of the back end. `pointer` names the field at fault (JSON pointer). */
export interface ResourceError {
  readonly code: string
  readonly title: string
  readonly detail?: string
  readonly pointer?: string
}

/**
 * What became of an operation. As with calls, `unknown` (time-out, reset, 5xx) means that it may have been applied: the
 * engine looks before it does anything again. `throttled` and `unavailable` mean that nothing was applied.
 */
export type Applied =
  | { status: 'done'; resource?: Resource }
  | { status: 'failed'; errors: readonly [ResourceError, ...ResourceError[]] }
  | { status: 'throttled' | 'unavailable'; retryAfter?: number; message?: string }
  | { status: 'unknown'; message?: string }

/** Handed to each operation. */
export interface OperationContext {
  readonly organization: string
  /** Identifies this operation for ever; give it to the service as idempotency key or customer reference where it takes one. */
  readonly ref: string
  /** See `Attempt.startable`: ask right before writing the request; when it says no, answer `unavailable`. */
  startable(): boolean
}

/**
 * The back end of one type of resource.
 *
 * `update` and `delete` must be harmless to repeat. `create` is as dangerous as a phone call: after an `unknown` the
 * engine asks `findCreated` before it may create again.
 */
export interface ResourceBackend {
  /** Type name as jobs give it, e.g. `phonenumber`. */
  readonly type: string
  readonly capabilities: {
    /** Fields by which a resource can be selected. */
    readonly keys: readonly [string, ...string[]]
    /** Operations at once. */
    readonly concurrency: number
    /** Milliseconds after a `create` during which `findCreated` may still miss it; `false`: it cannot look at all. */
    readonly createVisibility: number | false
    /**
     * Field that has the number (E.164), if campaigns can call from these resources: a number that is a caller id of a
     * campaign that has not ended is not deleted. `false`: they cannot, and nothing is looked up. Default: with the type `phonenumber`
     * the first of `keys`, else `false`.
     */
    readonly phone?: string | false
  }
  find(organization: string, selector: Selector): Promise<Resource | undefined>
  /**
   * Everything that an organization has, in any order, each once. Read as far as it is wanted, so that a back end with many
   * fetches them page by page. The engine does not need it: it is for transports that select resources by a filter, which
   * refuse such requests without it.
   */
  list?(organization: string): AsyncIterable<Resource>
  create(data: Readonly<Record<string, unknown>>, context: OperationContext): Promise<Applied>
  update(selector: Selector, changes: Readonly<Record<string, unknown>>, context: OperationContext): Promise<Applied>
  /** Deleting what is already gone is `done`. */
  delete(selector: Selector, context: OperationContext): Promise<Applied>
  /** The resource that an earlier `create` with this `ref` or this data made, if any. */
  findCreated(
    data: Readonly<Record<string, unknown>>,
    context: { organization: string; ref: string },
  ): Promise<Resource | undefined>
  /** As `Carrier.check`, asked when the engine starts. */
  check?(): Promise<readonly AccountProblem[]>
}
