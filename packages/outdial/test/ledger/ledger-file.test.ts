import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AttemptEntry } from 'outdial'
import { ledgerFile } from 'outdial/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const entry = (i: number, more: Partial<AttemptEntry> = {}): AttemptEntry => ({
  id: `job:${i}:1:x`,
  kind: 'ended',
  ref: `job:${i}:1:x`,
  attempt: 1,
  organization: 'acme',
  jobId: 'job',
  campaign: 'Reminders',
  index: i,
  to: `+1202555010${i}`,
  ...more,
})

let folder: string
let path: string
const lines = async () => (await readFile(path, 'utf8')).split('\n')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outdial-ledger-'))
  path = join(folder, 'ledger.jsonl')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('ledgerFile()', () => {
  it('adds a line for each entry, over runs', async () => {
    const first = ledgerFile(path)
    await Promise.all([first.append([entry(0)]), first.append([entry(1), entry(2)])])
    await first.close()
    const second = ledgerFile(path)
    await second.append([entry(3)])
    await second.close()
    expect((await lines()).map((line) => line && JSON.parse(line).index)).toEqual([0, 1, 2, 3, ''])
  })

  it.each([1, 70_000])('cuts off a line of %s characters that a crash has left unfinished', async (length) => {
    const first = ledgerFile(path)
    await first.append([entry(0)])
    await first.close()
    await appendFile(path, '{'.repeat(length))
    const second = ledgerFile(path)
    await second.append([entry(1)])
    await second.close()
    expect((await lines()).map((line) => line && JSON.parse(line).index)).toEqual([0, 1, ''])
  })

  it('rejects when the file cannot be written', async () => {
    const file = ledgerFile(join(folder, 'none', 'ledger.jsonl'))
    await expect(file.append([entry(0)])).rejects.toThrow('ENOENT')
    await file.close()
  })

  it('forgets who somebody was, and keeps that there was a call', async () => {
    const file = ledgerFile(path)
    await file.erase?.({ organization: 'acme', phones: ['+12025550100'] })
    const mine = { externalId: 'c9', raw: { sip: '+12025550102' } }
    await file.append([entry(0), entry(1), entry(2, mine), entry(0, { organization: 'other' })])
    await file.erase?.({ organization: 'acme', phones: ['+12025550100'], externalId: 'c9' })
    await file.append([entry(3)])
    await file.close()
    const kept = (await lines()).filter(Boolean).map((line) => JSON.parse(line) as AttemptEntry & { erased?: true })
    expect(kept.map(({ index, to, erased }) => [index, to, erased])).toEqual([
      [0, undefined, true],
      [1, '+12025550101', undefined],
      [2, undefined, true],
      [0, '+12025550100', undefined],
      [3, '+12025550103', undefined],
    ])
    expect(kept[2]).toMatchObject({ ref: 'job:2:1:x', attempt: 1 })
    expect(JSON.stringify(kept[2])).not.toMatch(/c9|\+12025550102/)
  })
})
