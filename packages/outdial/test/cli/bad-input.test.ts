import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../src/cli/args.js'
import { BadInput } from '../../src/cli/exit.js'
import { runCommand } from '../../src/cli/run/command.js'
import { runOptions } from '../../src/cli/run/options.js'
import { Screen } from '../../src/cli/screen.js'
import { mixedContacts } from './support/contacts.js'
import { folder, outdial } from './support/outdial.js'

const from = ['--from', '+12025550100']

describe('a mistake is told in a sentence, with exit code 2', () => {
  const cwd = folder()
  const good = mixedContacts(cwd)

  it.concurrent.each([
    ['an unknown flag', ['run', good, '--form', '+12025550100'], 'there is no flag --form; did you mean --from?'],
    ['an unknown command', ['rnu'], 'there is no command rnu; did you mean run?'],
    ['no command', [], 'a command is missing'],
    ['a missing file', ['run', 'none.csv', ...from], 'none.csv: cannot be read: there is no such file'],
    ['a results file in no folder', ['run', good, ...from, '--out', 'none/out.csv'], 'there is no such folder'],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await outdial(args, { cwd })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^outdial: .+\n(See: outdial .*--help\n)?$/)
    expect(stderr).toContain(message)
  })

  it('and no file is left behind', () => {
    expect(readdirSync(cwd)).toEqual([good])
  })
})

describe('a file of contacts that is none', () => {
  const cwd = folder()
  const path = (name: string) => join(cwd, name)
  mkdirSync(path('folder.csv'))
  writeFileSync(path('binary.csv'), Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0xff]))
  writeFileSync(path('empty.csv'), '')
  writeFileSync(path('header.csv'), 'phone,name\n')
  writeFileSync(path('other.csv'), 'tel,name\n+12025550101,x\n')
  writeFileSync(path('bad.csv'), 'phone\n12\n34\n')
  writeFileSync(path('object.json'), '{"phone":"+12025550101"}')
  const before = readdirSync(cwd)

  const run = (file: string, out: string) => {
    const screen = new Screen(new PassThrough() as unknown as NodeJS.WriteStream, {})
    const args = parseArguments([path(file), ...from, '--out', path(out)], runCommand)
    return runCommand.run(args, { stdout: screen, stderr: screen, version: '0' })
  }

  it.each([
    ['folder.csv', 'cannot be read: it is a folder'],
    ['binary.csv', 'binary.csv: '],
    ['book.xlsx', 'save the sheet as CSV'],
    ['empty.csv', 'The file is empty'],
    ['header.csv', 'has no rows below its header'],
    ['other.csv', 'No column is called "phone"; the columns are "tel", "name"'],
    ['bad.csv', 'not one of its 2 rows can be called'],
    ['object.json', 'The JSON document must be a list of rows'],
  ])('%s', async (file, message) => {
    const failed = run(file, 'out.csv')
    await expect(failed).rejects.toThrow(BadInput)
    await expect(failed).rejects.toThrow(message)
    expect(readdirSync(cwd)).toEqual(before)
  })

  it.each([
    ['bad.csv', 'that is the file of contacts itself'],
    ['folder.csv', 'it is a folder'],
    ['out.xlsx', 'results are written as .csv or .jsonl, not .xlsx'],
  ])('nor is %s one for results', async (out, message) => {
    await expect(run('bad.csv', out)).rejects.toThrow(`--out: `)
    await expect(run('bad.csv', out)).rejects.toThrow(message)
    expect(readdirSync(cwd)).toEqual(before)
  })
})

describe('flags of run', () => {
  const read = (...words: string[]) => runOptions(parseArguments(['x.csv', ...words], runCommand))

  it.each([
    [['--from', '2025550100'], '--from: "2025550100" has no + and country code'],
    [[...from, '--from', '+12025550101'], '--from is given twice'],
    [[], '--from is missing'],
    [['--from'], '--from needs a value: --from NUMBER'],
    [['--from', '--json'], '--from needs a value'],
    [[...from, 'y.csv'], 'run takes one FILE; there are x.csv and y.csv'],
    [[...from, '--concurrency', '0'], "--concurrency: '0' is not a whole number from 1 to 1,000,000"],
    [[...from, '--concurrency', '-5'], "--concurrency: '-5' is not"],
    [[...from, '--concurrency', '1e3'], "--concurrency: '1e3' is not"],
    [[...from, '--attempts', '1.5'], "--attempts: '1.5' is not a whole number from 1 to 1,000"],
    [[...from, '--cps', '0'], "--cps: '0' is not a number above 0"],
    [[...from, '--window', '20:00-09:00'], "--window: '20:00-09:00' goes over midnight"],
    [[...from, '--window', 'funday'], "--window: 'funday' names no hours"],
    [[...from, '--timezone', 'Mars/Olympus'], "--timezone: 'Mars/Olympus' is not an IANA time zone"],
    [[...from, '--region', 'XX'], "--region: 'XX' is not a region"],
    [[...from, '--speed', '0'], "--speed: '0' is neither a number above 0 nor max"],
    [[...from, '--speed', 'Infinity'], "--speed: 'Infinity' is neither"],
    [[...from, '--seed', ''], '--seed: is empty'],
    [[...from, '--json=yes'], '--json takes no value'],
    [[...from, '-j'], 'there is no flag -j'],
  ])('%j', (words, message) => {
    expect(() => read(...words)).toThrow(BadInput)
    expect(() => read(...words)).toThrow(message)
  })

  it('have sensible defaults', () => {
    const { seed, ...options } = read(...from)
    expect(seed).toEqual(expect.any(Number))
    expect(options).toEqual({
      file: 'x.csv',
      from: '+12025550100',
      concurrency: 50,
      attempts: 3,
      timezone: 'UTC',
      json: false,
    })
  })

  it('are read as they are meant', () => {
    expect(read(...from, '--cps=.5', '--speed', 'max', '--seed', '7', '--region', 'gb')).toMatchObject({
      cps: 0.5,
      speed: Number.POSITIVE_INFINITY,
      seed: 7,
      region: 'GB',
    })
    expect(read(...from, '--speed', '60', '--seed', '007').seed).toBe('007')
  })
})

it('--help names every flag, --version the version', async () => {
  const cwd = folder()
  const [help, version] = await Promise.all([outdial(['run', '--help'], { cwd }), outdial(['--version'], { cwd })])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  for (const { name } of runCommand.flags) expect(help.stdout).toContain(`--${name}`)
  expect(Math.max(...help.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(82)
  expect(version).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
})
