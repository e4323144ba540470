/**
 * An answer that tells of an error in a dialect's own words. Handlers throw it; the frame sends it as it is. A dialect's
 * `errors.ts` has a function for each that its service documents.
 */
export class WireError extends Error {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`HTTP ${status}`)
    this.name = 'WireError'
    this.status = status
    this.body = body
    this.headers = headers
  }
}
