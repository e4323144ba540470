import type { ErrorCode } from './codes.js'

/** Shared by every copy of this package in a process, so that an error is recognised across ESM and CJS builds. */
const MARK = Symbol.for('outdial.error')

/** Facts about an error beyond its code: the field or row at fault, the state found, the error beneath. */
export interface ErrorDetails {
  /** The option or column at fault, as a path: `retry.no_answer[1]`. */
  field?: string
  /** Data row of the file at fault, from 1. */
  row?: number
  /** Further facts, plain JSON. */
  [fact: string]: unknown
}

/**
 * Every error that Outdial throws at its users. Tell errors apart by `code`, which is stable and documented in
 * `docs/errors.md`; the message is for people and may change.
 *
 * `instanceof` works across two copies of this package (one loaded by `import`, one by `require`).
 */
export class OutdialError<Code extends string = ErrorCode> extends Error {
  readonly code: Code
  readonly details: Readonly<ErrorDetails>

  constructor(code: Code, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'OutdialError'
    this.code = code
    this.details = details
    Object.defineProperty(this, MARK, { value: true })
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[MARK] === true
  }
}

/** Whether a value is an Outdial error, and, when given, one with this code. */
export function isOutdialError<Code extends ErrorCode>(error: unknown, code?: Code): error is OutdialError<Code> {
  return error instanceof OutdialError && (code === undefined || error.code === code)
}
