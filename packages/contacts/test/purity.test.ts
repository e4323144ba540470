import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** Every module that an entry reaches by relative imports, and everything else that they import. */
function reach(entry: URL): { modules: string[]; others: Set<string> } {
  const modules = new Set<string>()
  const others = new Set<string>()
  const visit = (url: URL): void => {
    if (modules.has(url.pathname)) return
    modules.add(url.pathname)
    const text = readFileSync(url, 'utf8')
    for (const [, specifier] of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      if (specifier!.startsWith('.')) visit(new URL(specifier!.replace(/\.js$/, '.ts'), url))
      else others.add(specifier!)
    }
  }
  visit(entry)
  return { modules: [...modules], others }
}

describe('the main entry', () => {
  it('should import no built-in of Node, only what it depends on', () => {
    const { modules, others } = reach(new URL('../src/index.ts', import.meta.url))
    expect(modules.length).toBeGreaterThan(20)
    expect([...others].sort()).toEqual(['@outdial/core', 'csv-parse', 'libphonenumber-js/min'])
  })

  it('should be told from the entry for Node by this very test', () => {
    expect(reach(new URL('../src/node.ts', import.meta.url)).others).toContain('node:fs')
  })
})
