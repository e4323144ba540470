import { OutdialError } from '@outdial/core'
import type { Dialect } from '../dialect.js'

/** Whether a path is a root or below it. */
export function underRoot(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`)
}

/** Throws `invalid_options` when two dialects would answer for the same paths, or one for what is not below its roots. */
export function checkDialects(dialects: readonly Dialect[]): void {
  const owners = new Map<string, string>()
  for (const { name, roots, routes } of dialects) {
    for (const root of roots) {
      const owner = owners.get(root)
      if (owner !== undefined) throw invalid(`${owner} and ${name} both answer for ${root}`)
      owners.set(root, name)
    }
    for (const { method, path } of routes)
      if (!roots.some((root) => underRoot(path, root))) throw invalid(`${name}: ${method} ${path} is below no root`)
  }
}

function invalid(problem: string): OutdialError {
  return new OutdialError('invalid_options', `dialects: ${problem}`, { field: 'dialects' })
}
