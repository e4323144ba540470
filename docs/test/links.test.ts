import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { describe, expect, it } from 'vitest'
import { documents, root, textOf } from './support/programs.js'

const withoutCode = (text: string) => text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '')

/** The anchors that headings get. */
const anchorsOf = (path: string): Set<string> => {
  const headings = textOf(path)
    .replaceAll(/^```.*?^```/gms, '')
    .matchAll(/^#+ (.+)$/gm)
  return new Set(
    [...headings].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  )
}

const broken = (file: string): string[] =>
  [...withoutCode(textOf(file)).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/i.test(link)) return []
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? file : normalize(join(dirname(file), path))
    if (!existsSync(join(root, target))) return [`${file}: ${link}`]
    if (anchor === undefined || !target.endsWith('.md')) return []
    return anchorsOf(target).has(anchor) ? [] : [`${file}: ${link} names no heading`]
  })

describe('links between documents', () => {
  it.each(documents())('%s links to what is there', (file) => {
    expect(broken(file)).toEqual([])
  })
})
