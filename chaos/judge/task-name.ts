/** The task that a ref is an attempt of: `job:index`. */
export function taskOf(ref: string): string {
  return ref.split(':').slice(0, 2).join(':')
}

/** The job of a ref. */
export function jobOf(ref: string): string {
  return ref.slice(0, ref.indexOf(':'))
}
