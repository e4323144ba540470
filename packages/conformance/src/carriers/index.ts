export type { Failure, LevelReport } from '../kit/levels.js'
export type { Runner } from '../kit/trial.js'
export { defineCarrierConformance, runCarrierConformance } from './conformance.js'
export type { AnswerFixture, Fixture, WebhookFixture } from './fixtures/fixture.js'
export { readFixtures, writeFixtures } from './fixtures/lines.js'
export { pinned, type Replayed, recordedAnswers, replayWebhooks } from './fixtures/replay.js'
export type {
  CarrierHarness,
  CarrierService,
  CarrierUnderTest,
  Ending,
  Forgery,
  PlacedCall,
  Weather,
  WeatherName,
} from './harness.js'
export type { CarrierConformanceOptions, CarrierRunOptions } from './options.js'
export type { CarrierReport } from './report.js'
export { CARRIER_SPECIFICATION } from './specification/index.js'
export { renderCarrierSpecification } from './specification/render.js'
export type { CarrierArea, CarrierLevel, CarrierRule } from './specification/rule.js'
