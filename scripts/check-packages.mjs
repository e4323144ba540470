// npm run check:packages [-- --built]: builds every package unless told that they are built, packs them, then examines
// and uses the tarballs: what users will get.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { each } from './each.mjs'
import { buildPackages } from './packages/build.mjs'
import { failuresOf } from './packages/check-tarball.mjs'
import { consumerFailures } from './packages/consumer.mjs'
import { packages } from './packages/list.mjs'
import { pack } from './packages/pack.mjs'
import { setUp } from './setup/set-up.mjs'

const report = (subject, failures) => {
  console.log(`${failures.length === 0 ? 'ok    ' : 'FAILED'} ${subject}`)
  for (const { name, output } of failures) console.error(`${name}:\n${output}`)
  if (failures.length > 0) process.exitCode = 1
}

await setUp()
if (!process.argv.includes('--built') && !(await buildPackages())) process.exit(1)

const published = packages.filter(({ manifest }) => !manifest.private)
const folder = mkdtempSync(join(tmpdir(), 'outdial-packages-'))
try {
  const tarballs = await each(published, (one) => pack(one, folder))
  const failures = await each(tarballs, failuresOf)
  for (const [index, { manifest }] of published.entries()) report(manifest.name, failures[index])

  const consumer = join(folder, 'consumer')
  mkdirSync(consumer)
  report('installed by npm, imported, required and typed', await consumerFailures(published, tarballs, consumer))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
