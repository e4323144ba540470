import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csv, jsonl, numberColumn, numbers, type RejectedNumber } from '../src/index.js'
import { numbersFile } from '../src/node.js'
import { bytes, cutAt, failure, streamOf } from './support.js'

const A = '+12025550100'
const B = '+12025550101'

async function all(source: AsyncIterable<readonly string[]>): Promise<string[]> {
  const found: string[] = []
  for await (const some of source) found.push(...some)
  return found
}

describe('numbers()', () => {
  it('should read one a line, and skip what is none of them', async () => {
    expect(await all(numbers(`\ufeffphone\r\n# a register\r\n\r\n${A}\r\n  ${B} \n`))).toEqual([A, B])
    expect(await all(numbers(''))).toEqual([])
    expect(await all(numbers('(202) 555-0100\n', { defaultRegion: 'US' }))).toEqual([A])
  })

  it('should read the same however the text is cut', async () => {
    const text = bytes(`phone\n${A}\n\n${B}\n`)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 5 }), async (places) => {
        expect(await all(numbers(streamOf(cutAt(text, places))))).toEqual([A, B])
      }),
      { numRuns: 50 },
    )
  })

  it('should refuse a list with a number that is none, and name all of them', async () => {
    const told: RejectedNumber[] = []
    const error = await failure(() => all(numbers(`${A}\n12\n\n${B}\nx1\n`, { onRejected: (one) => told.push(one) })))
    expect(error).toMatchObject({ code: 'numbers_invalid', details: { row: 2, line: 2 } })
    expect(error.message).toMatch(/^2 of 4 numbers cannot be read; the first, in line 2: /)
    expect(told).toMatchObject([
      { row: 2, line: 2, code: 'phone_not_e164' },
      { row: 4, line: 5, code: 'phone_not_e164' },
    ])
    expect(error.details).toMatchObject({ rejected: told })
  })

  it('should leave them out on request', async () => {
    expect(await all(numbers(`${A}\n12\n${B}`, { rows: 'partial' }))).toEqual([A, B])
  })

  it('should be limited', async () => {
    const limited = (limits: object) => failure(() => all(numbers(`${A}\n${B}\n`, { limits })))
    expect((await limited({ rows: 1 })).code).toBe('too_many_rows')
    expect((await limited({ bytes: 9 })).code).toBe('file_too_large')
    expect((await limited({ rowBytes: 9 })).code).toBe('numbers_invalid')
    expect((await failure(() => numbers(A, { defaultRegion: 'XX' }))).code).toBe('invalid_options')
  })
})

describe('numberColumn()', () => {
  it('should read a column of any source', async () => {
    expect(await all(numberColumn(csv(`name,Phone\nAda,${A}\nBo,${B}\n`)))).toEqual([A, B])
    expect(await all(numberColumn(csv(`a;cell\n1;${A}\n`), { column: 'cell' }))).toEqual([A])
    expect(await all(numberColumn(jsonl(`{"phone":"${A}"}\n{"phone":"${B}","x":1}\n`)))).toEqual([A, B])
  })

  it('should say which column there is not, and which row is wrong', async () => {
    expect((await failure(() => all(numberColumn(csv(`a\n${A}\n`))))).code).toBe('phone_column_missing')
    const error = await failure(() => all(numberColumn(csv(`phone,a\n${A},1\n,2\n${B},3,4\n`))))
    expect(error).toMatchObject({ code: 'numbers_invalid', details: { row: 2, line: 3 } })
  })
})

describe('numbersFile()', () => {
  it('should read a file by its name, again and again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'outdial-numbers-'))
    await writeFile(join(folder, 'dnc.csv'), `phone,since\n${A},2026-01-01\n`)
    await writeFile(join(folder, 'dnc.txt'), `${A}\n${B}\n`)
    const text = numbersFile(join(folder, 'dnc.txt'))
    expect(await all(numbersFile(join(folder, 'dnc.csv')))).toEqual([A])
    expect([await all(text), await all(text)]).toEqual([
      [A, B],
      [A, B],
    ])
    expect((await failure(() => all(numbersFile(join(folder, 'none.txt'))))).code).toBe('file_unreadable')
    await rm(folder, { recursive: true })
  })
})
