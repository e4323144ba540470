import { describe, expect, it } from 'vitest'
import { type File, repositoryFiles } from './support/repository-files.js'

// Spelled so that this file does not contain what it looks for.
const any = (...names: string[]) => names.join('|')

const machinePath = new RegExp(`(?<![\\w.~/-])/(${any('work', 'root', 'tmp', 'home', 'Users', 'private/var')})/`)
const registry = new RegExp(`${any('registry\\.[a-z]+\\w*\\.(org|com)', '^\\s*(@[\\w-]+:)?registry\\s*=')}`, 'm')
const secret = new RegExp(
  any('_auth(Token)?\\s*=', 'BEGIN [A-Z ]*PRIVATE[ ]KEY', 'npm_[A-Za-z0-9]{36}', 'AKIA[0-9A-Z]{16}'),
)

const where = (pattern: RegExp, files: File[]) =>
  files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  )

describe('the repository', () => {
  const files = repositoryFiles()

  it('has files to look at', () => {
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['package.json', 'pnpm-lock.yaml', 'scripts/setup.mjs']),
    )
  })

  it('names no path of anybody’s machine', () => {
    expect(where(machinePath, files)).toEqual([])
  })

  it('names no package registry', () => {
    expect(where(registry, files)).toEqual([])
  })

  it('holds no secret', () => {
    expect(where(secret, files)).toEqual([])
  })

  it('locks versions and checksums, not download addresses', () => {
    const lockfile = files.filter(({ path }) => path === 'pnpm-lock.yaml')
    expect(lockfile).toHaveLength(1)
    expect(where(/tarball:|https?:\/\//, lockfile)).toEqual([])
  })
})

describe('the check itself', () => {
  const hits = (pattern: RegExp, text: string) => where(pattern, [{ path: 'a', text }]).length
  const slash = '/'

  it.each(['work/main', 'root/.npm', 'tmp/x', 'home/ann/x', 'Users/ann/x'])('catches a path such as %s', (path) => {
    expect(hits(machinePath, `see '${slash}${path}'`)).toBe(1)
  })

  it.each(['./tmp/x', 'docs/work/x', 'https://example.com/home/x', '~/work/x'])('allows %s', (path) => {
    expect(hits(machinePath, path)).toBe(0)
  })

  it.each([`https://${'registry'}.npmjs.org/zod`, `${'registry'}=https://example.com`])('catches %s', (text) => {
    expect(hits(registry, text)).toBe(1)
  })

  it.each([`//host/:${'_auth'}Token=x`, `-----BEGIN RSA PRIVATE${' '}KEY-----`])('catches %s', (text) => {
    expect(hits(secret, text)).toBe(1)
  })
})
