import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

// Beside node_modules, not inside: a set-up may remove that folder.
const folder = join(root, '.setup')
const file = join(folder, 'lock')

// A holder that lives touches its lock every second, and one that has been silent for ten is dead. Process ids would
// not tell: containers can share a folder without sharing those.
const beatMs = 1_000
const silenceMs = 10_000

/** The result of `attempt`, or undefined where it fails in the one way that is expected. */
const unless = (code, attempt) => {
  try {
    return attempt()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === code) return undefined
    throw error
  }
}

/** Creates a file that must not exist yet: of any number of processes that try, exactly one does. */
const create = (path, content) =>
  unless('EEXIST', () => {
    writeFileSync(path, content, { flag: 'wx' })
    return true
  }) ?? false

const holder = () => unless('ENOENT', () => readFileSync(file, 'utf8'))

const silentMs = () => {
  const touched = unless('ENOENT', () => statSync(file).mtimeMs)
  return touched === undefined ? 0 : Date.now() - touched
}

/**
 * Takes a dead holder's lock over. Of several that find it dead, only the one that creates its heir file may; that file
 * stays, so that a slow one does not inherit a second time.
 */
const inherit = (token) => {
  const dead = holder()
  if (dead === undefined || !create(join(folder, `heir-of-${dead}`), token)) return false
  const next = join(folder, `next-${token}`)
  writeFileSync(next, token)
  renameSync(next, file)
  return true
}

const acquire = async (token, onWait) => {
  for (let tries = 0; !create(file, token); tries++) {
    const silent = silentMs()
    if (silent > silenceMs && inherit(token)) return
    if (silent > 10 * silenceMs)
      throw new Error('A set-up that died holds the lock: delete the folder .setup and try again.')
    if (tries === 0) onWait()
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Runs `work` while no other set-up of this folder runs. `onWait` is called once if there is one to wait for. */
export const withLock = async (work, onWait) => {
  mkdirSync(folder, { recursive: true })
  const token = randomUUID()
  await acquire(token, onWait)
  const beat = setInterval(() => unless('ENOENT', () => utimesSync(file, new Date(), new Date())), beatMs)
  const release = () => {
    if (holder() === token) rmSync(file, { force: true })
  }
  process.once('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    process.removeListener('exit', release)
    release()
  }
}
