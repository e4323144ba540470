import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lmdbStorage } from '@outdial/storage-lmdb'
import { createEngine, simulatedCarrier } from 'outdial'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { folder, outdial } from './support/outdial.js'

vi.setConfig({ testTimeout: 60_000 })

const cwd = folder()
const store = ['--storage', 'file:store']
let draft = ''
let paused = ''

beforeAll(async () => {
  const rows = [
    'phone,timezone',
    '+12025550100,America/New_York',
    '+12025550101,Asia/Tokyo',
    '+12025550102,UTC',
    'nonsense,',
  ]
  writeFileSync(join(cwd, 'people.csv'), rows.join('\n'))
  const storage = lmdbStorage({ path: join(cwd, 'store') })
  const engine = createEngine({ storage, carriers: { sim: simulatedCarrier() } })
  const contacts = ['+12025550100', '+12025550101', '+12025550102'].map((phone) => ({ phone }))
  const common = { carrier: 'sim', from: '+13035550100', contacts, timezone: 'America/New_York' } as const
  const first = await engine.calls.create({ ...common, name: 'Reminders' })
  draft = first.id
  const second = await engine.calls.create({ ...common, name: 'Lunch', start: 'now', expires: '2099-01-01' })
  await second.pause({ reason: 'lunch', until: '2098-01-01' })
  paused = second.id
  await engine.suppression.add(['+12025550101'], { organization: 'default' })
  await engine.abandon()
  await storage.close()
}, 60_000)

describe('outdial preflight', () => {
  it('says of a file whom it would call when, with a bar for each reason', async () => {
    const hours = ['--window', 'mon-fri 09:00-10:00', '--timezone', 'UTC', '--start', '2099-01-05T09:30']
    const { code, stdout, stderr } = await outdial(['preflight', 'people.csv', ...hours], { cwd })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^people\.csv: a preflight\. No one is called\.\n/)
    expect(stdout).toContain('rows      4: 3 accepted, 1 rejected, 0 duplicates\n')
    expect(stdout).toMatch(/\n {2}dialed +1 +from Mon 5 Jan 2099 09:30 on\n {2}deferred +2 +dialed later\n/)
    expect(stdout).toMatch(/Why, by contacts\n/)
    expect(stdout).toMatch(/ {2}[#█]+ +deferred {2}window {2}America\/New_York +1 {2}Mon 5 Jan 14:00\n/)
  })

  it('says it of a campaign that is kept, by its lists, in one line of JSON', async () => {
    const { code, stdout } = await outdial(['preflight', '--job', draft, ...store, '--json'], { cwd })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      jobId: draft,
      state: 'draft',
      contacts: { total: 3, dial: 2, skipped: 1 },
      reasons: [{ becomes: 'skipped', code: 'suppressed', of: 'suppressed:organization:default', contacts: 1 }],
      complete: true,
    })
  })

  it.each([
    ['needs a FILE', ['preflight']],
    ['not both', ['preflight', 'people.csv', ...store]],
    ['needs --storage', ['preflight', '--job', 'job_1']],
    ["'memory' is neither", ['preflight', '--job', 'job_1', '--storage', 'memory']],
    ['there is no job_1 in file:store', ['preflight', '--job', 'job_1', ...store]],
    ['--job is missing; file:store has:', ['preflight', ...store]],
    ['--window is for a FILE', ['preflight', ...store, '--window', '09:00-10:00']],
    ['there is no such file', ['preflight', 'nobody.csv']],
  ])('says %s and ends with 2', async (message, words) => {
    const { code, stderr } = await outdial(words, { cwd })
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})

describe('outdial explain', () => {
  it('says why a contact waits and until when', async () => {
    const { code, stdout } = await outdial(['explain', '+12025550100', '--job', paused, ...store], { cwd })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\+12025550100 \(contact 0, row 1\) on /)
    expect(stdout).toMatch(/\n {2}job_state +until Wed 1 Jan 2098 00:00 +the campaign is paused \(lunch\)/)
    expect(stdout).toMatch(/\n {2}next +may be dialed from Wed 1 Jan 2098 00:00 on\n/)
  })

  it('says it in one line of JSON, and that who is on a list is not called', async () => {
    const { stdout } = await outdial(['explain', '1', '--job', paused, ...store, '--json'], { cwd })
    expect(JSON.parse(stdout)).toMatchObject({
      task: { phone: '+12025550101', state: 'waiting' },
      standing: { next: { status: 'ends', ends: { state: 'skipped', reason: 'suppressed' } } },
    })
  })

  it.each([
    ['needs the NUMBER', ['explain', ...store]],
    ["'Ann' is neither", ['explain', 'Ann', ...store]],
    ['has no task +12025550199', ['explain', '+12025550199', '--job', 'DRAFT', ...store]],
  ])('says %s and ends with 2', async (message, words) => {
    const { code, stderr } = await outdial(
      words.map((word) => (word === 'DRAFT' ? draft : word)),
      { cwd },
    )
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})

describe('outdial forecast --job', () => {
  it('runs what remains of a campaign that is kept', async () => {
    const { code, stdout } = await outdial(['forecast', '--job', draft, ...store, '--answered', '1', '--price', '2'], {
      cwd,
    })
    expect(code).toBe(0)
    expect(stdout).toContain('contacts  3 have not ended\n')
    expect(stdout).toMatch(/\n {2}calls +2 +2 +2\n/)
    expect(stdout).toMatch(/\n {2}left out +1 +1 +1\n/)
    const { stdout: line } = await outdial(['forecast', '--job', draft, ...store, '--json'], { cwd })
    expect(JSON.parse(line)).toMatchObject({
      jobId: draft,
      assumed: { from: 'default' },
      sample: { contacts: 3, of: 3 },
    })
  })
})
