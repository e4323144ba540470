import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

const parents = ['packages', 'examples']
const singles = ['.', 'bench', 'docs']

const children = (parent) => (existsSync(join(root, parent)) ? readdirSync(join(root, parent)).sort() : [])

/** Every folder with a package.json of ours, relative to the root; the globs of pnpm-workspace.yaml, spelled out. */
const workspaceFolders = () =>
  [...singles, ...parents.flatMap((parent) => children(parent).map((name) => `${parent}/${name}`))].filter((path) =>
    existsSync(join(root, path, 'package.json')),
  )

/** The node_modules folders that exist now, relative to the root. */
export const installedFolders = () =>
  workspaceFolders()
    .map((path) => join(path, 'node_modules'))
    .filter((path) => existsSync(join(root, path)))
