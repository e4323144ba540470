export type {
  KeptResource,
  ResourceHarness,
  ResourceService,
  ResourcesUnderTest,
  ResourceWeather,
} from './harness.js'
