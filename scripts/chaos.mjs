// npm run chaos [-- --json] [--store NAME] [--scenario NAME] [--controls]: sets everything up, Redis included, then makes
// trouble.
import { ensureRedis } from './redis.mjs'
import { setUp } from './setup/set-up.mjs'
import { runTypeScript } from './typescript.mjs'

await setUp()
if (!process.argv.includes('lmdb')) ensureRedis()
process.exitCode = await runTypeScript('chaos/main.ts', process.argv.slice(2))
