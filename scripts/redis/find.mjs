import { spawnSync } from 'node:child_process'

/** The oldest Redis whose scripts and commands our storage may rely on. */
export const oldest = 7

// Where package managers put servers, which is not always on an ordinary user's PATH.
const places = ['', '/usr/bin/', '/usr/sbin/', '/usr/local/bin/', '/opt/homebrew/bin/']

const major = (command) => {
  const { stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' })
  const version = /\bv=(\d+)\./.exec(stdout ?? '')
  return version === null ? undefined : Number(version[1])
}

/** The first redis-server on this machine that is new enough, as a command or a path; undefined if there is none. */
export const findRedis = () =>
  places.map((place) => `${place}redis-server`).find((command) => (major(command) ?? 0) >= oldest)
