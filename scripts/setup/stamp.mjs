import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isForeign } from './foreign-modules.mjs'
import { root } from './root.mjs'
import { installedFolders } from './workspace-folders.mjs'

// Inside node_modules, so that whoever deletes that folder deletes the claim that it is complete.
const file = join(root, 'node_modules', '.outdial-setup.json')

const hash = (path) =>
  createHash('sha256')
    .update(readFileSync(join(root, path)))
    .digest('hex')

/** What an installation depends on: when one of these changes, it is no longer ours to use. */
const current = () => ({
  lockfile: hash('pnpm-lock.yaml'),
  // pnpm's own record: another install, perhaps without development tools, changes it.
  installed: hash('node_modules/.modules.yaml'),
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
})

/** Whether a set-up has been completed for exactly this lockfile, Node and platform, and is still all there. */
export const isSetUp = () => {
  if (!existsSync(file) || isForeign()) return false
  try {
    const { folders, ...stamp } = JSON.parse(readFileSync(file, 'utf8'))
    return JSON.stringify(stamp) === JSON.stringify(current()) && folders.every((path) => existsSync(join(root, path)))
  } catch {
    return false // cut short while it was written: not complete
  }
}

/** The last step of a set-up, never an earlier one: an interrupted installation has no stamp. */
export const writeStamp = () => writeFileSync(file, JSON.stringify({ ...current(), folders: installedFolders() }))
