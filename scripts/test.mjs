// npm test [-- vitest arguments]: sets everything up, Redis included, then runs every test.
import { join } from 'node:path'
import { runInOurPlace } from './child.mjs'
import { ensureRedis } from './redis.mjs'
import { root } from './setup/root.mjs'
import { setUp } from './setup/set-up.mjs'

await setUp()
ensureRedis()
process.exitCode = await runInOurPlace(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.workspace.ts', ...process.argv.slice(2)],
  { cwd: root, env: { ...process.env, NODE_ENV: 'test' } },
)
