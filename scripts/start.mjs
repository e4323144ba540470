// npm start [-- FILE.csv flags]: sets everything up, then runs a campaign over a contact list.
import { relative, resolve } from 'node:path'
import { root } from './setup/root.mjs'
import { setUp } from './setup/set-up.mjs'
import { runTypeScript } from './typescript.mjs'

const defaults = { '--from': '+12025550100', '--speed': 'max' }

// npm runs scripts in the root; the files that a user names are where the user is.
const cwd = process.env.INIT_CWD ?? process.cwd()

/** What the user wrote; without a FILE, our sample list and what it needs come first. */
const campaign = (given) => {
  if (given[0] !== undefined && !given[0].startsWith('-')) return given
  const sample = relative(cwd, resolve(root, 'examples/data/contacts.csv'))
  const missing = Object.entries(defaults).filter(([flag]) => !given.some((arg) => arg.split('=')[0] === flag))
  return [sample, ...missing.flat(), ...given]
}

await setUp()
process.exitCode = await runTypeScript('packages/outdial/src/cli.ts', ['run', ...campaign(process.argv.slice(2))], {
  cwd,
})
