import './require-node.mjs'
import './end-with-npm.mjs'
import { removeForeignModules } from './foreign-modules.mjs'
import { install } from './install.mjs'
import { withLock } from './lock.mjs'
import { isSetUp, writeStamp } from './stamp.mjs'

// To stderr: what runs after the set-up owns stdout, and may be read by a program.
const say = (line) => process.stderr.write(`${line}\n`)

const installEverything = async () => {
  // Somebody else may have finished it while we waited for the lock.
  if (isSetUp()) return
  say('Installing dependencies, once; this takes up to a minute ...')
  removeForeignModules()
  const { code, output } = await install()
  if (code !== 0) {
    say(output.trim())
    say(`The dependencies could not be installed (exit code ${code}); what pnpm said is above.`)
    process.exit(1)
  }
  writeStamp()
}

/** Makes the repository ready to run. Instant when it is already. */
export const setUp = async () => {
  if (isSetUp()) return
  await withLock(installEverything, () => say('Waiting for another set-up of this folder ...'))
}
