import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/root.mjs'
import { runTool } from '../tool.mjs'

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Packs a built package as it would be published, into `destination`; the tarball's path. */
export const pack = async ({ folder, manifest }, destination) => {
  const { ok, output } = await runTool('npx', ['-y', packageManager, 'pack', '--pack-destination', destination], folder)
  if (!ok) throw new Error(`${manifest.name} could not be packed:\n${output}`)
  return join(destination, `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`)
}
