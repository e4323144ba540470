import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'
import { installedFolders } from './workspace-folders.mjs'

const modules = join(root, 'node_modules')

/** pnpm signs the folders it made; npm and Yarn leave a mark of theirs, even over a folder of pnpm's. */
export const isForeign = () =>
  existsSync(modules) &&
  (!existsSync(join(modules, '.modules.yaml')) ||
    ['.package-lock.json', '.yarn-integrity', '.yarn-state.yml'].some((mark) => existsSync(join(modules, mark))))

/** Removes what `npm install` or Yarn put here: pnpm would build on it, and miss half of it. */
export const removeForeignModules = () => {
  if (!isForeign()) return
  for (const path of installedFolders()) rmSync(join(root, path), { recursive: true, force: true })
}
