import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './setup/root.mjs'

/** Runs a program to its end and hands back what it said: for checks, which speak only when they fail. */
export const runTool = (command, args, cwd = root) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
    let output = ''
    const collect = (chunk) => {
      output += chunk
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    child.once('close', (code) => resolve({ ok: code === 0, output: output.trim() }))
  })

/** The same for a tool that the set-up has installed, by the path of its program inside node_modules. */
export const runInstalled = (program, args, cwd) =>
  runTool(process.execPath, [join(root, 'node_modules', program), ...args], cwd)
