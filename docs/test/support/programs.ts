import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('../../../', import.meta.url))

/** A program of a document: a block marked `ts`, with the blocks marked `ts more` that go on from it. */
export interface Program {
  /** Of the document, relative to the root. */
  file: string
  /** Of its first block, from 1. */
  line: number
  /** As long as the document, so that line numbers are the document's. */
  text: string
  /** `ts no-run`: its types are checked, and that is all. */
  run: boolean
  /** What it prints, if the document says so in a block marked `text output`. */
  output?: string
}

const folders = (parent: string) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)

/** Every document that is written by hand, relative to the root. */
export const documents = (): string[] => {
  const candidates = [
    ...readdirSync(root),
    ...folders('docs'),
    ...folders('docs/dialects'),
    ...folders('docs/carriers'),
    ...[...folders('packages'), ...folders('examples')].map((folder) => `${folder}/README.md`),
  ]
  return candidates.filter((path) => path.endsWith('.md') && isThere(path)).sort()
}

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

const isThere = (path: string): boolean => {
  try {
    return textOf(path) !== ''
  } catch {
    return false
  }
}

interface Block {
  line: number
  words: string[]
  lines: string[]
}

/** The fenced blocks of a document. */
const blocksOf = (text: string): Block[] => {
  const blocks: Block[] = []
  let block: Block | undefined
  for (const [i, line] of text.split('\n').entries()) {
    if (!line.startsWith('```')) block?.lines.push(line)
    else if (block) block = undefined
    else {
      block = { line: i + 1, words: line.slice(3).trim().split(/\s+/), lines: [] }
      blocks.push(block)
    }
  }
  return blocks
}

const has = ({ words }: Block, ...wanted: string[]) => wanted.every((word, i) => words[i] === word)

/** The programs of a document. */
export const programsOf = (file: string): Program[] => {
  const programs: { head: Block; blocks: Block[]; output?: string }[] = []
  for (const block of blocksOf(textOf(file))) {
    const last = programs.at(-1)
    if (has(block, 'ts', 'more')) {
      if (!last) throw new Error(`${file}:${block.line}: there is nothing to go on from`)
      last.blocks.push(block)
    } else if (has(block, 'ts')) programs.push({ head: block, blocks: [block] })
    else if (has(block, 'text', 'output') && last) last.output = block.lines.join('\n')
  }
  return programs.map(({ head, blocks, output }) => ({
    file,
    line: head.line,
    text: placed(blocks),
    run: !has(head, 'ts', 'no-run'),
    ...(output !== undefined && { output }),
  }))
}

/** The blocks on the lines where the document has them, nothing on the others. */
const placed = (blocks: Block[]): string => {
  const lines: string[] = []
  for (const { line, lines: own } of blocks) {
    while (lines.length < line) lines.push('')
    lines.push(...own)
  }
  return `${lines.join('\n')}\nexport {}\n`
}
