// npm run example NAME: sets everything up, then runs one example; without a name, says which there are.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runInOurPlace } from './child.mjs'
import { root } from './setup/root.mjs'
import { setUp } from './setup/set-up.mjs'
import { runTypeScript } from './typescript.mjs'

const has = (name, file) => existsSync(join(root, 'examples', name, file))

// Most examples are a main.ts; one that has to prepare something first, such as packing our packages, brings a run.mjs.
const names = readdirSync(join(root, 'examples'))
  .filter((name) => has(name, 'main.ts') || has(name, 'run.mjs'))
  .sort()

const [name, ...args] = process.argv.slice(2)

const list = () => names.map((known) => `  npm run example ${known}`).join('\n')

if (name === undefined) {
  console.log(`Examples:\n${list()}`)
} else if (!names.includes(name)) {
  console.error(`There is no example called ${name}. There are:\n${list()}`)
  process.exitCode = 1
} else {
  await setUp()
  process.exitCode = has(name, 'run.mjs')
    ? await runInOurPlace(process.execPath, [join(root, 'examples', name, 'run.mjs'), ...args], { cwd: root })
    : await runTypeScript(`examples/${name}/main.ts`, args)
}
