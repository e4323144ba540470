import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { root } from './programs.js'

export interface Run {
  code: number | null
  /** By the path of the program. */
  output: Map<string, string>
  errors: string
}

const runner = fileURLToPath(new URL('run-programs.mjs', import.meta.url))

/** Runs TypeScript programs from the sources of our packages; a process that has nothing left to do ends by itself. */
export const run = (programs: readonly string[], cwd: string): Promise<Run> =>
  new Promise((resolve, reject) => {
    const flags = ['--conditions=@outdial/source', '--import', import.meta.resolve('tsx')]
    const env = { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'), FORCE_COLOR: '0' }
    const child = spawn(process.execPath, [...flags, runner, ...programs], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // What keeps a program from ending is a defect of the program: an engine that was not stopped.
      timeout: 60_000,
    })
    let stdout = ''
    let errors = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (signal) errors += `\nended by ${signal}: it did not come to its end`
      resolve({ code, output: new Map(stdout.split('\0').slice(1).map(split)), errors })
    })
  })

const split = (text: string): [string, string] => {
  const end = text.indexOf('\n')
  return [text.slice(0, end), text.slice(end + 1)]
}
