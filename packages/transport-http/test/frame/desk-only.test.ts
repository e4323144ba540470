import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const folder = new URL('../../src/dialects/', import.meta.url)
const files = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts'))

it('finds dialects to look at', () => {
  expect(files.length).toBeGreaterThan(5)
})

it.each(files)('%s reaches the engine through a desk only, and no other dialect', (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8')
  const dialect = name.split('/')[0] as string
  expect(text).not.toMatch(/\bEngine\b|\bengine\.|transport\.js|pipeline\.js|desk-host/)
  for (const [, path] of text.matchAll(/from '([^']+)'/g)) {
    const target = new URL(path as string, new URL(name, folder)).pathname
    if ((path as string).startsWith('.') && target.startsWith(folder.pathname))
      expect(target.slice(folder.pathname.length).split('/')[0]).toBe(dialect)
  }
})
