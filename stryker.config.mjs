// Read by `npm run mutate`, which says which folder is meant.
import { chosen, reportOf, sourcesOf } from './scripts/mutation/folders.mjs'

const folder = chosen()

export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'scripts/mutation/vitest.config.mjs', related: false },
  mutate: [`${sourcesOf(folder)}/**/*.ts`],
  ignorePatterns: ['/bench', '/docs', '/examples', '/reports', 'dist'],
  coverageAnalysis: 'perTest',
  // What runs when a module is loaded, constants and schemas: each of them costs a run of every test.
  ignoreStatic: ['policy', 'engine'].includes(folder) && process.env.OUTDIAL_MUTATE_STATIC === undefined,
  incremental: true,
  incrementalFile: `reports/mutation/${folder}.incremental.json`,
  concurrency: Number(process.env.OUTDIAL_MUTATE_AT_ONCE ?? 1),
  timeoutMS: 4000,
  timeoutFactor: 1.5,
  thresholds: { high: 95, low: 90, break: 90 },
  tempDirName: '.stryker-tmp',
  reporters: ['progress-append-only', 'clear-text', 'json'],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  jsonReporter: { fileName: reportOf(folder) },
  allowConsoleColors: false,
}
