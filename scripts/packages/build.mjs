import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { each } from '../each.mjs'
import { runInstalled } from '../tool.mjs'
import { packages } from './list.mjs'

const build = async ({ folder, manifest }) => {
  rmSync(join(folder, 'dist'), { recursive: true, force: true })
  return { name: manifest.name, ...(await runInstalled('tsup/dist/cli-default.js', [], folder)) }
}

/** Builds every package, says how it went, and tells whether all went well. */
export const buildPackages = async () => {
  const results = await each(packages, build)
  for (const { name, ok, output } of results) {
    console.log(`${ok ? 'built ' : 'FAILED'} ${name}`)
    if (!ok) console.error(output)
  }
  return results.every(({ ok }) => ok)
}
