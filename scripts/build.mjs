// npm run build: sets everything up, then builds every package into its dist folder.
import { buildPackages } from './packages/build.mjs'
import { setUp } from './setup/set-up.mjs'

await setUp()
if (!(await buildPackages())) process.exitCode = 1
