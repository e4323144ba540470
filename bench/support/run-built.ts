import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Result, Results } from './result.js'
import type { Settings } from './settings.js'

const folder = fileURLToPath(new URL('..', import.meta.url))
const built = join(folder, 'dist')
/** Clients of Redis, as their packages have them. */
const NOT_OURS = ['bee-queue', 'bullmq', 'ioredis']

/** What a benchmark's process does: it runs the benchmark, or plays a role in one. */
const entry = (name: string): string => `
import { play } from './support/roles.js'
if (!(await play(process.argv[2], process.argv[3]))) {
  const { run } = await import('./${name}.js')
  process.send(await run(JSON.parse(process.argv[2])), () => process.disconnect())
}
`

/**
 * Runs one benchmark in a process of its own, from a bundle of our sources made now, as our packages are built: a
 * TypeScript loader's helpers around every closure would be measured along, and what another benchmark left behind.
 */
export async function runBuilt(
  name: string,
  { profile, settings }: { profile: boolean; settings: Settings },
): Promise<Results> {
  const outfile = join(built, `${name}.mjs`)
  await build({
    stdin: { contents: entry(name), resolveDir: folder },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    conditions: ['@outdial/source'],
    external: NOT_OURS,
    logLevel: 'error',
    // What is CommonJS in the bundle asks for Node's own modules this way.
    banner: { js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)" },
  })
  const flags = ['--expose-gc', ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${built}`] : [])]
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, outfile, JSON.stringify(settings)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const stop = (signal: 'SIGINT' | 'SIGTERM') => {
      child.kill(signal)
      process.exit(128 + constants.signals[signal])
    }
    process.once('SIGINT', stop).once('SIGTERM', stop)
    let result: Result | Results | undefined
    child.on('message', (message) => {
      result = message as Result | Results
    })
    child.on('error', reject)
    child.on('close', (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop)
      if (code === 0 && result) resolve(named(name, result))
      else reject(new Error(`The benchmark ${name} ended with code ${code}.`))
    })
  })
}

/** A benchmark has one result, which goes by its name, or several with names of their own. */
function named(name: string, result: Result | Results): Results {
  return isResult(result) ? { [name]: result } : result
}

function isResult(result: Result | Results): result is Result {
  return typeof result.met === 'boolean'
}
