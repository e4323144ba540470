import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/root.mjs'
import { runInstalled } from '../tool.mjs'
import { folders, reportOf } from './folders.mjs'

const document = join(root, 'docs/mutation-testing.md')
const between = /(?<=<!-- report -->\n\n).*?(?=\n\n<!-- end of report -->)/s

const installed = (name) => JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version

const head = ['folder', 'mutants', 'killed', 'timed out', 'survived', 'not covered', 'score']

/** What came of the mutants of one folder, as the cells of a row. Mutants that cannot be run are none. */
const rowOf = (folder) => {
  const { files } = JSON.parse(readFileSync(join(root, reportOf(folder)), 'utf8'))
  const mutants = Object.values(files).flatMap((file) => file.mutants)
  const count = (status) => mutants.filter((mutant) => mutant.status === status).length
  const [killed, timeout, survived, uncovered] = [
    count('Killed'),
    count('Timeout'),
    count('Survived'),
    count('NoCoverage'),
  ]
  const all = killed + timeout + survived + uncovered
  const score = `${((100 * (killed + timeout)) / all).toFixed(1)} %`
  return [`\`${folder}\``, all, killed, timeout, survived, uncovered, score].map(String)
}

/** Puts the row of a folder into the document; rows of other folders stay as they are. */
export const writeReport = async (folder) => {
  const text = readFileSync(document, 'utf8')
  const rows = new Map()
  for (const line of between.exec(text)?.[0].split('\n') ?? []) {
    const [, name] = /^\| `(\w+)`/.exec(line) ?? []
    if (name !== undefined) rows.set(name, line)
  }
  const line = (cells) => `| ${cells.join(' | ')} |`
  rows.set(folder, line(rowOf(folder)))
  const versions = `Stryker ${installed('@stryker-mutator/core')}, Vitest ${installed('vitest')}, Node ${process.version}.`
  const table = [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:')))]
  for (const name of Object.keys(folders)) if (rows.has(name)) table.push(rows.get(name))
  writeFileSync(
    document,
    text.replace(between, () => [versions, '', ...table].join('\n')),
  )
  // Tables are aligned as everywhere.
  await runInstalled('@biomejs/biome/bin/biome', ['format', '--write', document])
}
