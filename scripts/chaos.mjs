// npm run chaos [-- --json] [--store NAME] [--scenario NAME] [--controls]: sets everything up, then makes trouble.
import { setUp } from './setup/set-up.mjs'
import { runTypeScript } from './typescript.mjs'

await setUp()
process.exitCode = await runTypeScript('chaos/main.ts', process.argv.slice(2))
