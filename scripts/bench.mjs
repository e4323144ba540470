// npm run bench [-- --json]: sets everything up, then runs the benchmarks.
import { ensureRedis } from './redis.mjs'
import { setUp } from './setup/set-up.mjs'
import { runTypeScript } from './typescript.mjs'

await setUp()
ensureRedis()
// Benchmarks collect garbage themselves, before they measure memory.
process.exitCode = await runTypeScript('bench/main.ts', process.argv.slice(2), { nodeFlags: ['--expose-gc'] })
