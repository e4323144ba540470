// What is mutated, and the tests that have to notice: those that know the folder best, for each mutant costs a run of them.
const WHOLE_ENGINE = ['features', 'races'].map((name) => `packages/outdial/test/engine/${name}`)

export const folders = {
  lifecycle: ['packages/core/test/lifecycle'],
  limits: ['packages/core/test/limits'],
  policy: ['packages/core/test/policy'],
  engine: ['packages/core/test/engine', ...WHOLE_ENGINE, 'packages/core/test/operations'],
}

export const sourcesOf = (folder) => `packages/core/src/${folder}`

export const reportOf = (folder) => `reports/mutation/${folder}.json`

/**
 * The folder of this run: `scripts/mutate.mjs` says it to the tools, which read their settings in processes of their own.
 * Others who read the settings to see what is used (knip) get the first.
 */
export const chosen = () => {
  const folder = process.env.OUTDIAL_MUTATE ?? 'lifecycle'
  if (!Object.hasOwn(folders, folder)) throw new Error(`OUTDIAL_MUTATE names one of ${Object.keys(folders).join(', ')}`)
  return folder
}
