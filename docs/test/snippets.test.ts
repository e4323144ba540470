import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documents, type Program, programsOf, root } from './support/programs.js'
import { type Run, run } from './support/run.js'
import { typeErrors } from './support/type-errors.js'

interface Written extends Program {
  /** Where it has been written to. */
  path: string
}

// Beneath a folder with our packages in its node_modules, and called as what nobody commits.
const parent = join(root, 'docs/dist')
const files = documents().filter((file) => programsOf(file).length > 0)
let folder = ''
let written: Written[] = []
let ran: Run

const write = (program: Program): Written => {
  const path = join(folder, `${program.file.replaceAll(/\W/g, '-')}-line-${program.line}.ts`)
  writeFileSync(path, program.text)
  return { ...program, path }
}

/** Lines but for how wide columns are and where in them the text is: tables look different from one Node to the next. */
const lines = (text = '') =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/─+/g, '─').replaceAll(/\s+/g, ' ').trim())

beforeAll(async () => {
  mkdirSync(parent, { recursive: true })
  folder = mkdtempSync(join(parent, 'programs-'))
  written = files.flatMap(programsOf).map(write)
  copyFileSync(join(root, 'examples/quick-start/contacts.csv'), join(folder, 'contacts.csv'))
  ran = await run(
    written.filter((program) => program.run).map(({ path }) => path),
    folder,
  )
}, 150_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the programs in the documents', () => {
  it('are found', () => {
    expect(files).toEqual(expect.arrayContaining(['README.md', 'docs/getting-started.md']))
  })

  it('have correct types', { timeout: 120_000 }, () => {
    expect(typeErrors(written.map(({ path }) => path))).toEqual([])
  })

  it.each(files)('of %s run, and print what it says', (file) => {
    for (const { path, line, output: promised } of written.filter((program) => program.file === file && program.run)) {
      expect([line, ran.errors.get(path)]).toEqual([line, ''])
      if (promised !== undefined) expect([line, ...lines(ran.output.get(path))]).toEqual([line, ...lines(promised)])
    }
  })

  it('stop the engines that they start', () => {
    expect(ran.end).toBe(0)
  })
})
