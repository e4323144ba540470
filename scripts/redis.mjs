import { spawnSync } from 'node:child_process'
import { findRedis, oldest } from './redis/find.mjs'
import { asRoot, packageManager } from './redis/package-managers.mjs'

// To stderr: stdout belongs to the tests, whose report may be read by a program.
const say = (line) => process.stderr.write(`${line}\n`)

/** Runs the steps until one fails; the output of that one, or undefined. */
const failureOf = (manager) => {
  // By way of `env`, because sudo hands its caller's variables to nobody.
  const before = [...(manager.asRoot ? asRoot() : []), 'env', ...(manager.variables ?? []), manager.command]
  for (const step of manager.steps) {
    const [command, ...args] = [...before, ...step]
    const { status, error, stdout, stderr } = spawnSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (status !== 0) return error?.message ?? `${stdout}${stderr}`.trim()
  }
  return undefined
}

const giveUp = (reason) => {
  say(reason)
  process.exit(1)
}

/** Finds redis-server, or installs it, or ends the process saying what to run. Returns the command that starts it. */
export const ensureRedis = () => {
  const found = findRedis()
  if (found !== undefined) return found

  const needed = `The tests and benchmarks need redis-server ${oldest}.0 or newer, which is not on this machine`
  const manager = packageManager()
  if (manager === undefined) return giveUp(`${needed}. Install it, put it on the PATH, and run this again.`)

  const byHand = manager.steps
    .map((step) => [...(manager.asRoot ? ['sudo'] : []), manager.command, ...step].join(' '))
    .join(' && ')
  say(`Installing redis-server with ${manager.command}, once ...`)
  const failure = failureOf(manager)
  if (failure !== undefined) return giveUp(`${failure}\n${needed}, and could not be installed. Run: ${byHand}`)

  const installed = findRedis()
  if (installed !== undefined) return installed
  return giveUp(
    `${needed}: what ${manager.command} has is older. Install a newer one from https://redis.io, and run this again.`,
  )
}
