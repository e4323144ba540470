import type { Report } from './report.js'

/** How the random part of the kit searches. */
export interface ModelOptions {
  /** Runs of each model rule. Default 100: some 15 seconds on a store in memory. More runs find rarer faults. */
  readonly runs?: number
  /** Where the search begins. Default: 1, so that every run of the kit does the same; a failure names the seed it was found with. */
  readonly seed?: number
  /** Path of a counterexample, as a failure names it: tries that one alone. */
  readonly path?: string
  /** Whether to look for the shortest story that fails in the same way. Default: true; `false` is quicker where only the verdict counts. */
  readonly shrink?: boolean
}

/** Options of the kit. */
export interface ConformanceOptions extends ModelOptions {
  /** Called with the report after the last rule, whatever came of it: write it to a file, or make a badge of it. Default: nobody is told. */
  readonly report?: (report: Report) => void | Promise<void>
}
