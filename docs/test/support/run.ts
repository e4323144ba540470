import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './programs.js'

/** What programs have said, by their paths. */
export interface Run {
  output: ReadonlyMap<string, string>
  errors: ReadonlyMap<string, string>
  /** How the process ended: what keeps it from ending is an engine that some program has not stopped. */
  end: number | NodeJS.Signals | null
}

const runner = fileURLToPath(new URL('run-programs.mjs', import.meta.url))

/** Runs TypeScript programs from the sources of our packages, all in one process: starting it is what takes time. */
export const run = (programs: readonly string[], cwd: string): Promise<Run> =>
  new Promise((resolve, reject) => {
    const flags = ['--conditions=@outdial/source', '--import', import.meta.resolve('tsx')]
    const child = spawn(process.execPath, [...flags, runner, ...programs], {
      cwd,
      env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'), NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    child.once('error', reject)
    child.once('close', (code, signal) =>
      resolve({ output: parts(output), errors: parts(errors), end: signal ?? code }),
    )
  })

const parts = (text: string): Map<string, string> =>
  new Map(
    text
      .split('\0')
      .slice(1)
      .map((part) => {
        const end = part.indexOf('\n')
        return [part.slice(0, end), part.slice(end + 1)]
      }),
  )
