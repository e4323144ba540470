import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contactsFile, csvFile, jsonFile, jsonlFile } from '../src/node.js'
import { failure, readAll, readRow } from './support.js'

let folder: string
const file = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outdial-contacts-'))
  for (const name of ['a.csv', 'a.TXT']) await writeFile(file(name), '\ufeffphone;name\r\n+12025550100;Ada\r\n')
  await writeFile(file('a.tsv'), 'phone\tname\n+12025550100\tAda\n')
  await writeFile(file('a.json'), '[{"phone":"+12025550100","name":"Ada"}]')
  for (const name of ['a.jsonl', 'a.ndjson']) await writeFile(file(name), '{"phone":"+12025550100","name":"Ada"}\n')
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

describe('files', () => {
  it.each(['a.csv', 'a.TXT', 'a.tsv', 'a.json', 'a.jsonl', 'a.ndjson'])(
    'should be read by their name: %s',
    async (name) => {
      const expected = { status: 'accepted', contact: { phone: '+12025550100', variables: { name: 'Ada' } } }
      const source = contactsFile(file(name))
      expect(await readRow(source)).toMatchObject(expected)
      // And again: the file is opened anew.
      expect(await readRow(source)).toMatchObject(expected)
      expect(await readRow(contactsFile(pathToFileURL(file(name))))).toMatchObject(expected)
    },
  )

  it.each(['a.xlsx', 'a', 'a.pdf'])('should be refused when the name says something else: %s', async (name) => {
    expect(await failure(() => contactsFile(name))).toMatchObject({ code: 'file_type_unknown' })
  })

  it('should end with a clear error when they cannot be read', async () => {
    for (const source of [csvFile(file('none')), jsonFile(file('none')), jsonlFile(file('none')), csvFile(folder)]) {
      expect((await readAll(source)).error).toBe('file_unreadable')
    }
  })

  it('should be read as a stream, however long they are', async () => {
    const rows = Array.from(
      { length: 20_000 },
      (_, i) => `+1202555${String(i % 100).padStart(4, '0')},"${'x\n'.repeat(10)}"`,
    )
    await writeFile(file('long.csv'), `phone,text\n${rows.join('\n')}\n`)
    const { rows: found } = await readAll(csvFile(file('long.csv')))
    expect(found).toHaveLength(20_000)
    expect(found.at(-1)?.line).toBe(2 + 19_999 * 11)
  })
})
