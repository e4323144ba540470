import { join } from 'node:path'
import { runInOurPlace } from './child.mjs'
import { root } from './setup/root.mjs'

/**
 * Runs a TypeScript file of this repository from the sources of our packages: nothing is built.
 * Call it after `setUp`, which installs the runner.
 *
 * @param {string} file relative to the root
 * @param {string[]} args
 * @param {{ cwd?: string, nodeFlags?: string[] }} options
 */
export const runTypeScript = (file, args, { cwd = root, nodeFlags = [] } = {}) => {
  // Resolved from here, not from the current directory, which may be the caller's.
  const tsx = import.meta.resolve('tsx')
  return runInOurPlace(
    process.execPath,
    [...nodeFlags, '--conditions=@outdial/source', '--import', tsx, join(root, file), ...args],
    { cwd, env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') } },
  )
}
