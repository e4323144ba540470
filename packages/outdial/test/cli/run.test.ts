import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { fictional, mixedContacts } from './support/contacts.js'
import { type Ended, folder, outdial } from './support/outdial.js'

const from = ['--from', '+12025550100']
const sum = (record: object) => Object.values(record).reduce((total: number, one: number) => total + one, 0)

describe('outdial run FILE --speed max', () => {
  const cwd = folder()
  let ended: Ended
  beforeAll(async () => {
    writeFileSync(join(cwd, 'results.csv'), 'mine')
    ended = await outdial(['run', mixedContacts(cwd), ...from, '--speed', 'max', '--seed', '7'], { cwd })
  })

  it('ends well, and says first that no one is called', () => {
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toMatch(
      /^Outdial \d+\.\d+\.\d+: mixed\.csv from \+12025550100\. Calls are simulated: no one is called\.\n/,
    )
    expect(ended.stdout).toContain('45 rows read: 40 accepted, 3 rejected, 2 duplicates.')
  })

  it('shows progress as plain lines where there is no terminal', () => {
    expect(ended.stdout).toMatch(
      /^100 % {2}placed \d+ {2}live 0 {2}answered \d+ {2}retrying 0 {2}Mon 4 Jan \d\d:\d\d$/m,
    )
    expect(ended.stdout).not.toContain('\u001B')
    expect(ended.stdout).not.toContain('\r')
  })

  it('ends with tables of rows left out, of calls and of contacts', () => {
    expect(ended.stdout).toMatch(
      /^Rows left out +rows +for example\n {2}duplicate +2 +line \d+: .+\n {2}phone_not_e164 +2 +line 4: "202-555-0100" .+\n {2}phone_missing +1 +line 43: .+\n\n/m,
    )
    expect(ended.stdout).toMatch(/^Calls +placed +share\n( {2}[a-z_]+ +\d+ +\d+\.\d %\n)+ {2}all +\d+\n/m)
    expect(ended.stdout).toMatch(/^Contacts +number +why\n( {2}[a-z]+ +\d+ .+\n)+ {2}all +40\n/m)
    expect(ended.stdout).toMatch(/\nTook .+ s, for .+ of simulated time\.\n$/)
  })

  it('writes a results file, which a spreadsheet can open safely, and replaces none that is there', () => {
    expect(ended.stdout).toContain('\nResults: results-2.csv, 40 contacts.\n')
    expect(readFileSync(join(cwd, 'results.csv'), 'utf8')).toBe('mine')
    const lines = readFileSync(join(cwd, 'results-2.csv'), 'utf8').trimEnd().split('\r\n')
    expect(lines).toHaveLength(41)
    expect(lines[0]).toMatch(/^row,phone,external_id,state,reason,outcome,attempts,.*,name$/)
    expect(lines[1]).toMatch(/^1,\+12015550100,,[a-z]+,[a-z_]+,[a-z_]+,[1-3],/)
    expect(lines[1]).toMatch(/,"'=HYPERLINK\(""http:\/\/example\.com""\)"$/)
    expect(lines[2]).toMatch(/,"Teapotski, Pumpkin"$/)
  })
})

describe('outdial run --json', () => {
  const cwd = folder()
  const args = ['run', mixedContacts(cwd), ...from, '--speed', 'max', '--json', '--seed', 'again']
  const strict = ['--attempts', '2', '--concurrency', '5', '--cps', '2', '--window', '09:00-20:00']
  let [one, other]: Ended[] = []
  beforeAll(async () => {
    ;[one, other] = await Promise.all([
      outdial([...args, ...strict, '--out', 'one.csv'], { cwd }),
      outdial([...args, ...strict, '--out', 'other.csv'], {
        cwd,
        env: { TZ: 'Pacific/Chatham', LANG: 'C', LC_ALL: 'C' },
      }),
    ])
  })

  it('writes one line of the documented shape, whose numbers add up', () => {
    expect(one?.code).toBe(0)
    expect(one?.stdout).toMatch(/^\{.*\}\n$/)
    const line = JSON.parse(one?.stdout ?? '')
    expect(line).toEqual({
      job: { id: expect.stringMatching(/^job_\w+$/), state: 'completed' },
      rows: { read: 45, accepted: 40, rejected: 3, duplicates: 2 },
      tasks: {
        total: 40,
        succeeded: expect.any(Number),
        failed: expect.any(Number),
        skipped: 0,
        canceled: 0,
        expired: 0,
        open: 0,
      },
      calls: { placed: expect.any(Number), maxPerTask: 2, byOutcome: expect.any(Object) },
    })
    const { total, ...states } = line.tasks
    expect(sum(states)).toBe(total)
    expect(sum(line.calls.byOutcome)).toBe(line.calls.placed)
    expect(line.calls.byOutcome.answered).toBe(line.tasks.succeeded)
    expect(one?.stderr).toContain('Results: one.csv, 40 contacts.')
  })

  it('is the same again with the same seed, in another place and language', () => {
    expect(other?.stdout).toBe(one?.stdout)
    expect(readFileSync(join(cwd, 'other.csv'))).toEqual(readFileSync(join(cwd, 'one.csv')))
  })

  it('agrees with the results file', () => {
    const rows = readFileSync(join(cwd, 'one.csv'), 'utf8').trimEnd().split('\r\n').slice(1)
    const attempts = rows.map((row) => Number(row.split(',')[6]))
    const { calls } = JSON.parse(one?.stdout ?? '')
    expect({ placed: sum(attempts), maxPerTask: Math.max(...attempts) }).toMatchObject({
      placed: calls.placed,
      maxPerTask: calls.maxPerTask,
    })
  })
})

it('reads JSON Lines and numbers as people of a region write them, and writes JSON Lines', async () => {
  const cwd = folder()
  const [phone = ''] = fictional(1)
  writeFileSync(join(cwd, 'people.jsonl'), `{"phone":"${phone}"}\n{"phone":"(202) 555-0101"}\n{"phone":"x"}\n`)
  const out = ['--out', 'out.jsonl']
  const ended = await outdial(
    ['run', 'people.jsonl', '--from', '(202) 555-0100', '--region', 'us', '--speed', 'max', ...out],
    { cwd },
  )
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  const tasks = readFileSync(join(cwd, 'out.jsonl'), 'utf8').trimEnd().split('\n')
  expect(tasks.map((line) => JSON.parse(line).phone)).toEqual([phone, '+12025550101'])
  expect(readdirSync(cwd)).toEqual(['out.jsonl', 'people.jsonl'])
  expect(existsSync(join(cwd, 'results.csv'))).toBe(false)
})
