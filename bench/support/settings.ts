/** How much is measured. */
export interface Settings {
  /** Only to see that it works: a few seconds, and figures that mean nothing. */
  short: boolean
  /** Contacts in each run, where that is a matter of patience. */
  tasks: number
  /** Runs of each subject. */
  rounds: number
}

/** What is measured unless something else is asked for. */
export const FULL: Settings = { short: false, tasks: 30_000, rounds: 5 }
/** What tests run. */
export const SHORT: Settings = { short: true, tasks: 300, rounds: 1 }
