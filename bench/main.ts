// npm run bench [-- NAME …] [--json]: every benchmark in a process of its own, one after the other.
import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { print } from './support/print.js'
import type { Result } from './support/result.js'

/** By name: file, and what it proves. */
const BENCHMARKS = ['call-life', 'waiting-heap', 'simulated-day', 'contacts', 'control'] as const

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = asked.filter((name) => !(BENCHMARKS as readonly string[]).includes(name))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${BENCHMARKS.join(', ')}.`)
  process.exit(2)
}
const json = process.argv.includes('--json')
const results: Record<string, Result> = {}
for (const name of BENCHMARKS.filter((known) => asked.length === 0 || asked.includes(known))) {
  if (!json) console.log(`${name} …`)
  results[name] = await measure(name)
  if (!json) print(name, results[name])
}
if (json) console.log(JSON.stringify(results))

/** Sources are bundled first: a TypeScript loader's helpers in every closure would be measured along. */
async function measure(name: string): Promise<Result> {
  const folder = fileURLToPath(new URL('.', import.meta.url))
  const outfile = `${folder}dist/${name}.mjs`
  await mkdir(`${folder}dist`, { recursive: true })
  await build({
    stdin: {
      contents: `import { run } from './${name}.js'\nconst result = await run()\nprocess.stdout.write('\\n' + JSON.stringify(result))`,
      resolveDir: folder,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@outdial/source'],
    logLevel: 'error',
    // What is CommonJS in the bundle asks for Node's own modules this way.
    banner: { js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)" },
  })
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--expose-gc', outfile], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output.slice(output.lastIndexOf('\n') + 1)) as Result)
      else reject(new Error(`The benchmark ${name} ended with code ${code}.`))
    })
  })
}
