import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AttemptEntry } from '@outdial/core'
import { expect, it, vi } from 'vitest'
import { manyContacts } from './support/contacts.js'
import { folder, outdial, start } from './support/outdial.js'

vi.setConfig({ testTimeout: 120_000 })

const from = ['--from', '+12025550100', '--speed', 'max', '--json']

it('calls nobody whose number is in the file of --suppress', async () => {
  const cwd = folder()
  const contacts = manyContacts(cwd, 20)
  const [, first = '', second = ''] = readFileSync(join(cwd, contacts), 'utf8').split(/\r?\n/)
  const numbers = [first, second].map((line) => line.split(',')[0])
  writeFileSync(join(cwd, 'dnc.txt'), `# asked not to be called\n${numbers.join('\n')}\n`)
  const { code, stdout } = await outdial(['run', contacts, ...from, '--suppress', 'dnc.txt'], { cwd })
  expect(code).toBe(0)
  expect(JSON.parse(stdout).tasks).toMatchObject({ total: 20, skipped: 2, open: 0 })
  const results = readFileSync(join(cwd, 'results.csv'), 'utf8').split('\r\n')
  for (const number of numbers) {
    expect(results.filter((line) => line.includes(`,${number},`))).toEqual([
      expect.stringContaining(',skipped,suppressed,'),
    ])
  }
})

it.each([
  ['dnc.txt', '+12025550100\nno number\n', 'dnc.txt: 1 of 2 numbers cannot be read; the first, in line 2: '],
  ['dnc.csv', 'name\nAda\n', 'dnc.csv: No column is called "phone"'],
  ['none.txt', undefined, 'none.txt: cannot be read'],
])('refuses %s, and calls nobody', async (name, text, message) => {
  const cwd = folder()
  if (text !== undefined) writeFileSync(join(cwd, name), text)
  const args = ['run', manyContacts(cwd, 3), ...from, '--suppress', name]
  const { code, stdout, stderr } = await outdial(args, { cwd })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})

it('has every attempt in the file of --ledger, whatever is killed', async () => {
  const cwd = folder()
  const kept = ['--storage', 'file:store', '--ledger', 'ledger.jsonl', '--out', 'results.jsonl']
  const args = ['run', manyContacts(cwd, 100), ...from, ...kept]
  for (const placed of [/placed \d\d+/, /placed [1-9]\d\d?/]) {
    const killed = start(args, { cwd })
    await Promise.race([killed.until(placed), killed.ended])
    killed.child.kill('SIGKILL')
    await killed.ended
  }
  const ended = await outdial(args, { cwd })
  expect(ended.code).toBe(0)
  // What a killed run had taken is handed out again half a minute later: one more run, with nothing left to call, finds it.
  await outdial(args, { cwd })
  const lines = readFileSync(join(cwd, 'ledger.jsonl'), 'utf8').trimEnd().split('\n')
  const entries = lines.map((line) => JSON.parse(line) as AttemptEntry)
  const entered = new Set(entries.filter(({ kind }) => kind === 'ended').map(({ id }) => id))
  const results = readFileSync(join(cwd, 'results.jsonl'), 'utf8').trimEnd().split('\n')
  const attempts = results.flatMap((line) =>
    (JSON.parse(line) as { calls: { ref: string }[] }).calls.map(({ ref }) => ref),
  )
  expect(attempts.length).toBeGreaterThanOrEqual(100)
  expect([...entered].sort()).toEqual(attempts.sort())
})
