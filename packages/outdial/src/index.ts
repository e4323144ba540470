export * from '@outdial/contacts'
export * from '@outdial/core'
export * from '@outdial/simulation'
export * from '@outdial/storage-memory'
export { memoryAccounts } from './accounts/memory-accounts.js'
export { type CreateEngineOptions, createEngine } from './create-engine.js'
export { type ApiKey, type MemoryDirectoryOptions, memoryDirectory } from './directory/memory-directory.js'
export type { Assumptions } from './forecast/assumptions.js'
export type { Estimate, Prospect } from './forecast/estimates.js'
export {
  type Estimate,
  type Forecast,
  type Forecast,
  type ForecastOptions,
  type ForecastOptions,
  forecast,
  forecast,
} from './forecast/forecast.js'
export type { JobForecast, JobForecastOptions } from './forecast/forecast-job.js'
/** Rule sets of some places, for the `rules` of a job: a start, not legal advice. */
export * as rules from './rules/index.js'
export { systemClock } from './system-clock.js'
export { systemIds, systemRandom } from './system-random.js'
