import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root: string = fileURLToPath(new URL('../../', import.meta.url))

export interface File {
  /** Relative to the repository's root, with slashes. */
  path: string
  text: string
}

const read = (path: string): File => ({ path, text: readFileSync(join(root, path), 'utf8') })

/** The TypeScript sources of a package, at any depth. */
export const sourcesOf = (name: string): File[] => {
  const folder = join(root, 'packages', name, 'src')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[cm]?tsx?$/.test(path))
    .map((path) => read(relative(root, join(folder, path)).split(sep).join('/')))
}

/** The folder names under packages/ that hold a package with sources. */
export const packageNames = (): string[] =>
  readdirSync(join(root, 'packages')).filter((name) => existsSync(join(root, 'packages', name, 'src')))

const skipped = new Set(['node_modules', 'dist', 'coverage', '.git', '.setup'])

/** What somebody has who downloaded the sources without their history. */
const walk = (folder = ''): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (!entry.isDirectory()) return [path]
    return skipped.has(entry.name) ? [] : walk(path)
  })

const committable = (): string[] => {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  return status === 0 ? stdout.split('\0').filter((path) => path !== '') : walk()
}

/** Every text file that is, or could be, committed. */
export const repositoryFiles = (): File[] =>
  committable()
    .filter((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile())
    .map(read)
    .filter(({ text }) => !text.includes('\0'))
