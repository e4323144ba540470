/** What became of a request. */
export type Reply =
  /** The service answered, whatever it said. */
  | {
      readonly status: 'answered'
      readonly code: number
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }
  /** No byte of it has left: no connection, or `startable` said no. */
  | { readonly status: 'notSent'; readonly message: string }
  /** It may have arrived, or not: a time-out, a reset, an answer cut short. */
  | { readonly status: 'unknown'; readonly message: string }

/** How long a service may take, in milliseconds. */
export interface Deadlines {
  /** From the question to the last byte of the answer, the wait for a connection included. Default 10,000. */
  readonly timeout?: number
  /** For a connection to stand. Default 5000. */
  readonly connectTimeout?: number
}

/** A request to a service. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** With the query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Asked when the connection stands, right before the first byte is written; when it says no, nothing is. */
  readonly startable?: () => boolean
  /** Overrides the deadline of the wire. */
  readonly timeout?: number
}
