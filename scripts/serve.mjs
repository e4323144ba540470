// npm run serve [-- --config FILE flags]: sets everything up, then serves the engine over HTTP, for development by default.
import { setUp } from './setup/set-up.mjs'
import { runTypeScript } from './typescript.mjs'

// npm runs scripts in the root; the files that a user names are where the user is.
const cwd = process.env.INIT_CWD ?? process.cwd()

await setUp()
process.exitCode = await runTypeScript('packages/outdial/src/cli.ts', ['serve', ...process.argv.slice(2)], { cwd })
