export type { Failure, LevelReport } from '../kit/levels.js'
export type { Runner } from '../kit/trial.js'
export { defineResourceConformance, runResourceConformance } from './conformance.js'
export type {
  KeptResource,
  ResourceHarness,
  ResourceService,
  ResourcesUnderTest,
  ResourceWeather,
  ResourceWeatherName,
} from './harness.js'
export type { ResourceConformanceOptions, ResourceRunOptions } from './options.js'
export type { ResourceReport } from './report.js'
export { RESOURCE_SPECIFICATION } from './specification/index.js'
export { renderResourceSpecification } from './specification/render.js'
export type { ResourceArea, ResourceLevel, ResourceRule } from './specification/rule.js'
