import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll } from 'vitest'

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url))
const settings = fileURLToPath(new URL('../../../../../tsconfig.json', import.meta.url))
// By its place, since the commands run in folders of their own.
const runner = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** How a command ended, and what it wrote. */
export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** A command under way. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when its output so far, of both kinds, matches; rejects when it ends without. */
  until(pattern: RegExp): Promise<void>
}

const folders: string[] = []
const children = new Set<ChildProcess>()

// Nothing outlives the tests of a file.
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  for (const path of folders) rmSync(path, { recursive: true, force: true })
})

/** An empty folder, gone after the tests of this file. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'outdial-cli-'))
  folders.push(path)
  return path
}

/** Starts the command from its sources, in a process of its own. */
export function start(args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Running {
  const { NO_COLOR: _, FORCE_COLOR: __, DEBUG: ___, ...env } = process.env
  const child = spawn(process.execPath, ['--conditions=@outdial/source', '--import', runner, cli, ...args], {
    cwd: options.cwd,
    env: { ...env, TSX_TSCONFIG_PATH: settings, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    children.delete(child)
    return { code, signal, stdout, stderr }
  })
  return {
    child,
    ended,
    async until(pattern) {
      const seen = () => pattern.test(stdout) || pattern.test(stderr)
      while (!seen()) {
        const heard = new AbortController()
        const { signal } = heard
        const more = Promise.race([once(child.stdout, 'data', { signal }), once(child.stderr, 'data', { signal })])
        const over = await Promise.race([more.then(() => false), ended.then(() => true)])
        more.catch(() => {})
        heard.abort()
        if (over && !seen()) throw new Error(`It ended without writing ${pattern}:\n${stdout}\n${stderr}`)
      }
    },
  }
}

/** Runs the command to its end. */
export function outdial(args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<Ended> {
  return start(args, options).ended
}
