import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documents, type Program, programsOf, root } from './support/programs.js'
import { run } from './support/run.js'
import { typeErrors } from './support/type-errors.js'

interface Written extends Program {
  /** Where it has been written to. */
  path: string
}

// Beneath a folder with our packages in its node_modules, and called as what nobody commits.
const parent = join(root, 'docs/dist')
const described = documents()
  .map((file) => ({ file, programs: programsOf(file) }))
  .filter(({ programs }) => programs.length > 0)
const written = new Map<string, Written[]>()
let folder = ''

const write = (file: string, programs: Program[]): Written[] => {
  const own = join(folder, file.replaceAll(/\W/g, '-'))
  mkdirSync(own)
  copyFileSync(join(root, 'examples/quick-start/contacts.csv'), join(own, 'contacts.csv'))
  return programs.map((program) => {
    const path = join(own, `line-${program.line}.ts`)
    writeFileSync(path, program.text)
    return { ...program, path }
  })
}

/** Lines but for how wide columns are and where in them the text is: tables look different from one Node to the next. */
const lines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/─+/g, '─').replaceAll(/\s+/g, ' ').trim())

beforeAll(() => {
  mkdirSync(parent, { recursive: true })
  folder = mkdtempSync(join(parent, 'programs-'))
  for (const { file, programs } of described) written.set(file, write(file, programs))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the programs in the documents', () => {
  it('are found', () => {
    expect(described.map(({ file }) => file)).toEqual(expect.arrayContaining(['README.md', 'docs/getting-started.md']))
  })

  it('have correct types', { timeout: 120_000 }, () => {
    expect(typeErrors([...written.values()].flat().map(({ path }) => path))).toEqual([])
  })

  it.concurrent.each(described.map(({ file }) => file))('of %s run, and print what it says', { timeout: 120_000 }, async (file) => {
    const programs = (written.get(file) ?? []).filter((program) => program.run)
    if (programs.length === 0) return
    const { code, output, errors } = await run(
      programs.map(({ path }) => path),
      join(folder, file.replaceAll(/\W/g, '-')),
    )
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    for (const { path, line, output: promised } of programs) {
      if (promised !== undefined) expect([line, ...lines(output.get(path) ?? '')]).toEqual([line, ...lines(promised)])
    }
  })
})
