import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/root.mjs'
import { runInstalled, runTool } from '../tool.mjs'

/** Everything that can be imported from a package: `name`, `name/subpath`. */
const specifiers = ({ manifest }) =>
  Object.keys(manifest.exports)
    .filter((path) => path !== './package.json')
    .map((path) => manifest.name + path.slice(1))

// Strict about our declarations as well: a type that leaks from a dependency that users don't have shows up here.
const compilerOptions = {
  target: 'ES2023',
  module: 'NodeNext',
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
}

/**
 * Installs tarballs with npm into an empty folder outside the workspace, as a user would, and uses every path they
 * export there: imported, required, and typed both ways. The steps that fail, each with what it said.
 */
export const consumerFailures = async (packages, tarballs, folder) => {
  const write = (name, content) => writeFileSync(join(folder, name), content)
  const paths = packages.flatMap(specifiers)
  write('package.json', JSON.stringify({ private: true, dependencies: {} }))
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['module.mts', 'common.cts'] }))
  write('module.mjs', paths.map((path) => `await import('${path}')`).join('\n'))
  write('common.cjs', paths.map((path) => `require('${path}')`).join('\n'))
  write('module.mts', paths.map((path, i) => `export * as p${i} from '${path}'`).join('\n'))
  write(
    'common.cts',
    paths.map((path, i) => `import p${i} = require('${path}')\nexport type T${i} = typeof p${i}`).join('\n'),
  )

  const steps = {
    'npm install': () => runTool('npm', ['install', '--no-audit', '--no-fund', 'zod@4', ...tarballs], folder),
    import: () => runTool(process.execPath, ['module.mjs'], folder),
    require: () => runTool(process.execPath, ['common.cjs'], folder),
    types: () => runInstalled('typescript/bin/tsc', ['--pretty', 'false'], folder),
  }
  const failures = []
  for (const [name, step] of Object.entries(steps)) {
    const { ok, output } = await step()
    if (!ok) failures.push({ name, output })
  }
  return failures
}
