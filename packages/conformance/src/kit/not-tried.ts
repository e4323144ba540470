/** Thrown by the test of a rule that this harness offers no way to try. The report names the rule. */
export class NotTried extends Error {
  constructor(what: string) {
    super(`the harness has no ${what}`)
    this.name = 'NotTried'
  }
}

/** A part of the harness that a rule cannot be tried without. */
export function needed<T>(part: T | undefined, what: string): T {
  if (part === undefined) throw new NotTried(what)
  return part
}
