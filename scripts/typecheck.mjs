// npm run typecheck: sets everything up, then checks the types of everything, and of each package as it is built.
import { join } from 'node:path'
import { each } from './each.mjs'
import { packages } from './packages/list.mjs'
import { root } from './setup/root.mjs'
import { setUp } from './setup/set-up.mjs'
import { runInstalled } from './tool.mjs'

await setUp()

const check = (folder) => runInstalled('typescript/bin/tsc', ['--noEmit', '--pretty', 'false'], folder)

// The root knows tests, examples and benchmarks too; a package's own settings are stricter about what it exports.
const projects = [root, join(root, 'scripts'), ...packages.map(({ folder }) => folder)]

for (const { ok, output } of await each(projects, check)) {
  if (!ok) {
    console.error(output)
    process.exitCode = 1
  }
}
