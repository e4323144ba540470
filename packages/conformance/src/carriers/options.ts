import type { CarrierReport } from './report.js'

/** Options of the kit for carriers. */
export interface CarrierConformanceOptions {
  /** Called with the report after the last rule, whatever came of it. Default: nobody is told. */
  readonly report?: (report: CarrierReport) => void | Promise<void>
}

/** Which rules to try. */
export interface CarrierRunOptions extends CarrierConformanceOptions {
  /** Ids of the rules to try. Default: all of them. The report has only these. */
  readonly rules?: readonly string[]
}
