// npm run mutate [-- FOLDER …]: sets everything up, then changes the core's sources in every small way that Stryker
// knows, and runs the tests for each. What came of it is written to docs/mutation-testing.md.
import { join } from 'node:path'
import { runInOurPlace } from './child.mjs'
import { folders } from './mutation/folders.mjs'
import { writeReport } from './mutation/report.mjs'
import { root } from './setup/root.mjs'
import { setUp } from './setup/set-up.mjs'

// What reads the machine's own time zone by mistake is found where nobody lives by UTC.
const environment = { ...process.env, TZ: 'Pacific/Chatham' }

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(folders, name))
if (unknown.length > 0) {
  console.error(`There is no '${unknown.join("', '")}' to mutate; possible: ${Object.keys(folders).join(', ')}`)
  process.exit(1)
}

await setUp()
for (const folder of asked.length > 0 ? asked : Object.keys(folders)) {
  console.log(`\n━━ ${folder}`)
  const code = await runInOurPlace(
    process.execPath,
    [join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run'],
    { cwd: root, env: { ...environment, OUTDIAL_MUTATE: folder } },
  )
  // Also 1 when the score is too low: then there is a report all the same.
  process.exitCode = Math.max(Number(process.exitCode ?? 0), code)
  if (code > 1) break
  await writeReport(folder)
}
