import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Result } from './result.js'

const folder = fileURLToPath(new URL('..', import.meta.url))
const built = join(folder, 'dist')

/**
 * Runs one benchmark in a process of its own, from a bundle of our sources made now, as our packages are built: a
 * TypeScript loader's helpers around every closure would be measured along, and what another benchmark left behind.
 */
export async function runBuilt(name: string, { profile }: { profile: boolean }): Promise<Result> {
  const outfile = join(built, `${name}.mjs`)
  await build({
    stdin: {
      contents: `import { run } from './${name}.js'\nprocess.send(await run(), () => process.disconnect())`,
      resolveDir: folder,
    },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    conditions: ['@outdial/source'],
    logLevel: 'error',
    // What is CommonJS in the bundle asks for Node's own modules this way.
    banner: { js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)" },
  })
  const flags = ['--expose-gc', ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${built}`] : [])]
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, outfile], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const stop = (signal: 'SIGINT' | 'SIGTERM') => {
      child.kill(signal)
      process.exit(128 + constants.signals[signal])
    }
    process.once('SIGINT', stop).once('SIGTERM', stop)
    let result: Result | undefined
    child.on('message', (message) => {
      result = message as Result
    })
    child.on('error', reject)
    child.on('close', (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop)
      if (code === 0 && result) resolve(result)
      else reject(new Error(`The benchmark ${name} ended with code ${code}.`))
    })
  })
}
