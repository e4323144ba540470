import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/root.mjs'

const read = (folder) => {
  const manifest = join(folder, 'package.json')
  return existsSync(manifest) ? [{ folder, manifest: JSON.parse(readFileSync(manifest, 'utf8')) }] : []
}

/** Our packages: the folder and the package.json of each. */
export const packages = readdirSync(join(root, 'packages'))
  .sort()
  .flatMap((name) => read(join(root, 'packages', name)))
