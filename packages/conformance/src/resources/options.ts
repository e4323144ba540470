import type { ResourceReport } from './report.js'

/** Options of the kit for resource back ends. */
export interface ResourceConformanceOptions {
  /** Called with the report after the last rule, whatever came of it. Default: nobody is told. */
  readonly report?: (report: ResourceReport) => void | Promise<void>
}

/** Which rules to try. */
export interface ResourceRunOptions extends ResourceConformanceOptions {
  /** Ids of the rules to try. Default: all of them. The report has only these. */
  readonly rules?: readonly string[]
}
