import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

// What makes npm or pnpm leave out half of an installation (development tools, native binaries) or put it elsewhere.
// A machine may have any of these set for reasons of its own; our tools are needed whatever they say.
const harmful =
  /^(npm|pnpm)_config_(omit|include|only|also|optional|production|dev|global|location|workspaces?|dry_run|ignore_scripts|if_present|prefix)$/i

/** The caller's environment without what would spoil an installation, and with "there is nobody to ask". */
const environment = () => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_ENV' && !harmful.test(name))),
  CI: 'true',
  // Says no to the same settings in somebody's .npmrc: pnpm's native binary is an optional dependency.
  npm_config_include: 'optional',
})

/** Installs exactly what the lockfile says. Resolves to the output and the exit code; kills what it started if told to stop. */
export const install = () =>
  new Promise((resolve, reject) => {
    const windows = process.platform === 'win32'
    const child = spawn('npx', ['-y', packageManager, 'install', '--frozen-lockfile'], {
      cwd: root,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: npx does not pass signals on, so the group is what has to be killed.
      detached: !windows,
      shell: windows,
    })

    const stop = (signal) => {
      if (windows || child.pid === undefined) child.kill(signal)
      else process.kill(-child.pid, signal)
      process.exit(signal === 'SIGINT' ? 130 : 143)
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.once(signal, stop)

    let output = ''
    const collect = (chunk) => {
      output += chunk
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    child.once('close', (code) => {
      for (const signal of signals) process.removeListener(signal, stop)
      resolve({ code: code ?? 1, output })
    })
  })
