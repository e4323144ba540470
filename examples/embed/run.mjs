// Packs every package as it would be published, installs the tarballs with npm into an empty folder outside this
// repository, and runs main.mjs and main.cjs there: what a host gets that imports, and one that requires.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// This file prepares the example; main.mjs and main.cjs are the example. They import published names and nothing else.
const tool = (path) => import(new URL(`../../scripts/${path}`, import.meta.url).href)
const { each } = await tool('each.mjs')
const { buildPackages } = await tool('packages/build.mjs')
const { packages } = await tool('packages/list.mjs')
const { pack } = await tool('packages/pack.mjs')
const { runTool } = await tool('tool.mjs')

const times = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs)
    : []

/** Whether what is built is as new as the sources. */
const isBuilt = ({ folder }) => {
  const built = times(join(folder, 'dist'))
  return built.length > 0 && Math.min(...built) >= Math.max(...times(join(folder, 'src')))
}

const must = async (what, running) => {
  const { ok, output } = await running
  if (ok) return output
  throw new Error(`${what} failed:\n${output}`)
}

if (!packages.every(isBuilt) && !(await buildPackages())) process.exit(1)

const folder = mkdtempSync(join(tmpdir(), 'outdial-embed-'))
try {
  const published = packages.filter(({ manifest }) => !manifest.private)
  const tarballs = await each(published, (one) => pack(one, folder))
  const host = join(folder, 'host')
  mkdirSync(host)
  writeFileSync(join(host, 'package.json'), JSON.stringify({ private: true }))
  copyFileSync(new URL('./main.mjs', import.meta.url), join(host, 'main.mjs'))
  copyFileSync(new URL('./main.cjs', import.meta.url), join(host, 'main.cjs'))
  await must('npm install', runTool('npm', ['install', '--no-audit', '--no-fund', 'zod@4', ...tarballs], host))
  console.log(`installed ${published.map(({ manifest }) => manifest.name).join(', ')}`)

  const imported = await must('main.mjs', runTool(process.execPath, ['main.mjs'], host))
  const required = await must('main.cjs', runTool(process.execPath, ['main.cjs'], host))
  console.log(imported)
  if (imported !== required) throw new Error(`main.cjs says something else:\n${required}`)
  console.log('The same, imported and required.')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
