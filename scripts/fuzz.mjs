// npm run fuzz [-- --requests N] [-- vitest arguments]: sets everything up, then sends so many odd requests to each route of every dialect.
import { join } from 'node:path'
import { runInOurPlace } from './child.mjs'
import { root } from './setup/root.mjs'
import { setUp } from './setup/set-up.mjs'

const DEFAULT = 1000
/** A loaded machine answers at least so many in a second. */
const SLOWEST = 5

const given = process.argv.slice(2)
const at = given.findIndex((argument) => argument === '--requests' || argument.startsWith('--requests='))
const [flag = ''] = at < 0 ? [] : given.splice(at, 1)
const text = at < 0 ? String(DEFAULT) : flag.includes('=') ? flag.slice(flag.indexOf('=') + 1) : given.splice(at, 1)[0]
const requests = /^[1-9]\d{0,6}$/.test(text ?? '') ? Number(text) : undefined
if (requests === undefined) {
  console.error(`--requests: expected a whole number from 1, not '${text ?? ''}'.`)
  process.exit(2)
}

await setUp()
console.error(`${requests} requests to each route of every dialect`)
process.exitCode = await runInOurPlace(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    ...['run', '--config', 'vitest.workspace.ts', '--project', 'transport-http', '.fuzz.test.ts'],
    `--testTimeout=${30_000 + (requests / SLOWEST) * 1000}`,
    ...given,
  ],
  { cwd: root, env: { ...process.env, NODE_ENV: 'test', OUTDIAL_FUZZ_REQUESTS: String(requests) } },
)
