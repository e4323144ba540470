import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { policyWish } from '../../src/cli/campaign/policy.js'
import { BadInput } from '../../src/cli/exit.js'
import { manyContacts } from './support/contacts.js'
import { folder, outdial } from './support/outdial.js'

vi.setConfig({ testTimeout: 120_000 })

const cwd = folder()
const write = (name: string, text: string | object) =>
  writeFileSync(join(cwd, name), typeof text === 'string' ? text : JSON.stringify(text))
const run = ['--from', '+12025550100', '--speed', 'max', '--seed', '3', '--json']

beforeAll(() => {
  write('people.csv', 'phone\n+12125550110\n+12125550111\n+12125550112\n+13055550113\n+19005550100\n')
  write('dnc.txt', '+12125550111\n')
  write('rates.json', { prefixes: { '+1': { perMinute: 0.85 }, '+1900': { perMinute: 120, perCall: 50 } } })
  write('options.json', { maxDuration: '5m', retry: { no_answer: ['2h'] }, attempts: 2 })
  write('wrong.json', { caps: [{ per: 'planet', max: 1, within: '1d' }] })
  write('theirs.json', { contacts: [] })
})

describe('outdial preflight FILE', () => {
  it('says who is skipped and why in words, and what calling the others may cost', async () => {
    const policy = ['--suppress', 'dnc.txt', '--rates', 'rates.json', '--options', 'options.json', '--budget', '300']
    const { code, stdout, stderr } = await outdial(['preflight', 'people.csv', ...policy], { cwd })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/\n {2}dialed +3 .*\n {2}deferred +0 .*\n {2}skipped +1 .*\n {2}stuck +1 /)
    expect(stdout).toMatch(/ skipped {2}suppressed {2}everybody's list +1\n/)
    // A call to +1900 may cost 650.
    expect(stdout).toMatch(/ stuck +money +the campaign +1\n/)
    // Three contacts, two attempts each, five minutes at most at 0.85.
    expect(stdout).toMatch(/may cost from 0 \(nobody answers\) .* to 25\.50 \(every attempt at its longest\)/)
    expect(stdout).not.toContain('suppressed:')
  })

  it('has hours by the rules that are named', async () => {
    const at = ['--start', '2027-01-05T03:00Z', '--rules', 'united-states,florida', '--json']
    const { stdout } = await outdial(['preflight', 'people.csv', ...at], { cwd })
    const { contacts, openings } = JSON.parse(stdout)
    expect(contacts).toMatchObject({ dial: 0, deferred: 5 })
    // 08:00 in New York and Florida; +1900 is nowhere, so it has the zone of the campaign.
    expect(openings).toEqual([
      { at: Date.parse('2027-01-05T08:00Z'), contacts: 1 },
      { at: Date.parse('2027-01-05T13:00Z'), contacts: 4 },
    ])
  })
})

describe('outdial forecast FILE', () => {
  it('leaves out whom --suppress names, and says what it comes to by --rates', async () => {
    const policy = ['--suppress', 'dnc.txt', '--rates', 'rates.json', '--answered', '1', '--talk', '60']
    const { stdout } = await outdial(['forecast', 'people.csv', ...policy, '--json'], { cwd })
    // Three at 0.85, one at 170.
    expect(JSON.parse(stdout)).toMatchObject({
      calls: { expected: 4 },
      cost: { expected: 172.55 },
      contacts: { skipped: { expected: 1 } },
    })
  })

  it('says that a budget ends it', async () => {
    const { stdout } = await outdial(['forecast', 'people.csv', '--price', '1', '--budget', '61', '--answered', '1'], {
      cwd,
    })
    expect(stdout).toMatch(/\n {2}ends +never: its budget leaves no room for the rest\n/)
    expect(stdout).toMatch(/\n {2}still open +[1-5] /)
  })
})

describe('outdial run FILE', () => {
  it('books calls by --rates, and stops when --budget has no room', async () => {
    const many = manyContacts(cwd, 20)
    write('one.txt', '+12015550101\n')
    const policy = ['--rates', 'rates.json', '--budget', '52', '--suppress', 'one.txt']
    const { code, stdout, stderr } = await outdial(['run', many, ...run, ...policy], { cwd })
    expect(code).toBe(0)
    const told = JSON.parse(stdout)
    expect(told.job.state).toBe('paused')
    expect(told.tasks).toMatchObject({ skipped: 1 })
    expect(told.tasks.open).toBeGreaterThan(0)
    expect(told.calls.cost).toBeGreaterThan(0)
    expect(told.calls.cost).toBeLessThanOrEqual(52)
    expect(stderr).toMatch(/Spent [\d.]+ of a budget of 52\. No call more is sure to fit: \d+ contacts? are left/)
  })

  it('goes on from the day after with --daily-budget, and from where it was with a larger --budget', async () => {
    write('two.csv', 'phone\n+12125550110\n+12125550111\n')
    const common = ['run', 'two.csv', ...run, '--price', '1', '--storage', 'file:kept', '--out', 'kept.csv']
    // A call may cost 60, for its hour.
    const first = await outdial([...common, '--budget', '61'], { cwd })
    expect(JSON.parse(first.stdout)).toMatchObject({ job: { state: 'paused' } })
    const second = await outdial([...common, '--budget', '1000', '--daily-budget', '61'], { cwd })
    const told = JSON.parse(second.stdout)
    expect(told).toMatchObject({ job: { id: JSON.parse(first.stdout).job.id, state: 'completed' }, tasks: { open: 0 } })
    expect(told.calls.cost).toBeGreaterThan(1)
    const days = readFileSync(join(cwd, 'kept.csv'), 'utf8').match(/2027-01-\d\d/g)
    expect(new Set(days).size).toBeGreaterThan(1)
  })

  it('takes more options from a file, and several caller ids', async () => {
    const more = ['--options', 'options.json', '--out', 'more.jsonl']
    const from = run.map((word) => (word === '+12025550100' ? '+12025550100,+13035550100' : word))
    const { stdout } = await outdial(['run', 'people.csv', ...from, ...more], { cwd })
    expect(JSON.parse(stdout)).toMatchObject({ job: { state: 'completed' }, tasks: { total: 5 } })
    expect(JSON.parse(stdout).calls.maxPerTask).toBeLessThanOrEqual(2)
  })
})

const wrong: [message: string, flags: Record<string, string>][] = [
  ['--budget: nobody knows what calls cost', { budget: '5' }],
  ["--daily-budget: '1.5' is not 1,000,000,000 whole units or less", { 'daily-budget': '1.5', price: '1' }],
  ['--price and --rates both say', { price: '1', rates: 'rates.json' }],
  ["--price: 'x' is not a number", { price: 'x' }],
  ['wrong.json: rates.caps: Unrecognized key', { rates: 'wrong.json' }],
  ['people.csv is no JSON', { rates: 'people.csv' }],
  ["--rules: 'texas' is neither one of united-states, florida", { rules: 'texas' }],
  ["theirs.json says 'contacts', which is not for it to say", { options: 'theirs.json' }],
  ['none.json cannot be read', { options: 'none.json' }],
  ['--suppress: names no file', { suppress: '' }],
]
it.each(wrong)('refuses: %s', async (message, given) => {
  const named = Object.entries(given).map(([name, value]): [string, string] => [
    name,
    /\.\w+$/.test(value) && !/^\d/.test(value) ? join(cwd, value) : value,
  ])
  const failed = policyWish(new Map(named))
  await expect(failed).rejects.toThrow(BadInput)
  await expect(failed).rejects.toThrow(message)
})

it.each([
  ['--rules: rules[0]', ['run', 'people.csv', ...run, '--rules', 'wrong.json']],
  ['--options: caps[0].per', ['preflight', 'people.csv', '--options', 'wrong.json']],
  ['none.txt: cannot be read', ['forecast', 'people.csv', '--suppress', 'none.txt']],
])('says %s and ends with 2', async (message, words) => {
  const { code, stderr } = await outdial(words, { cwd })
  expect(stderr).toContain(message)
  expect(code).toBe(2)
})
