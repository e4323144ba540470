// npm run simulate -- --seeds N: sets everything up, then runs whole engines with faults from that many seeds.
import { setUp } from './setup/set-up.mjs'
import { runTypeScript } from './typescript.mjs'

await setUp()
process.exitCode = await runTypeScript('packages/outdial/test/engine/simulate.ts', process.argv.slice(2))
