import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lmdbStorage } from '@outdial/storage-lmdb'
import { expect, it, vi } from 'vitest'
import { systemClock } from '../../src/system-clock.js'
import { manyContacts } from './support/contacts.js'
import { folder, outdial, start } from './support/outdial.js'

// A killed run leaves calls that the next one gives up when they must be over, an hour of simulated time later.
vi.setConfig({ testTimeout: 120_000 })

const PEOPLE = 100
const quick = ['--from', '+12025550100', '--storage', 'file:store', '--speed', 'max', '--json']

it('goes on with the same command after kill -9, and every contact comes to its end once', async () => {
  const cwd = folder()
  const args = ['run', manyContacts(cwd, PEOPLE), ...quick]
  const first = start(args, { cwd })
  await first.until(/placed \d\d+/)
  first.child.kill('SIGKILL')
  expect((await first.ended).signal).toBe('SIGKILL')

  const { code, stdout, stderr } = await outdial(args, { cwd })

  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('Goes on where it was left') })
  expect(JSON.parse(stdout)).toMatchObject({ job: { state: 'completed' }, tasks: { total: PEOPLE, open: 0 } })
  const results = readFileSync(join(cwd, 'results-2.csv'), 'utf8').trimEnd().split('\r\n')
  expect(results).toHaveLength(PEOPLE + 1)
  await checkStore(join(cwd, 'store'))
})

it('goes on after Ctrl-C, and once completed calls nobody again', async () => {
  const cwd = folder()
  const args = ['run', manyContacts(cwd, PEOPLE), ...quick]
  const first = start(args, { cwd })
  await first.until(/placed \d\d+/)
  first.child.kill('SIGINT')
  const stopped = await first.ended
  expect(stopped.code).toBe(130)
  expect(stopped.stderr).toContain('The run is kept in store: the same command goes on with it.')

  const second = JSON.parse((await outdial(args, { cwd })).stdout)
  const third = await outdial(args, { cwd })

  expect(second).toMatchObject({ job: { id: JSON.parse(stopped.stdout).job.id }, tasks: { total: PEOPLE, open: 0 } })
  expect(JSON.parse(third.stdout)).toEqual(second)
  expect(third.stderr).toContain(`This campaign is completed: ${PEOPLE} of ${PEOPLE} contacts have ended.`)
  await checkStore(join(cwd, 'store'))
})

it.each([
  ['neither', '--storage', 'redis', "--storage: 'redis' is neither memory nor file: and the path of a folder"],
  ['a file', '--storage', 'file:file', '--storage: The store in file cannot be opened'],
])('refuses %s as a place', async (_, flag, value, message) => {
  const cwd = folder()
  writeFileSync(join(cwd, 'file'), '')
  const args = ['run', manyContacts(cwd, 3), '--from', '+12025550100', flag, value]
  const { code, stdout, stderr } = await outdial(args, { cwd })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})

it('refuses to begin another campaign in a folder whose own has not ended', async () => {
  const cwd = folder()
  const file = manyContacts(cwd, PEOPLE)
  const first = start(['run', file, ...quick], { cwd })
  await first.until(/placed \d\d+/)
  first.child.kill('SIGKILL')
  await first.ended
  const { code, stderr } = await outdial(['run', file, ...quick, '--concurrency', '7'], { cwd })
  expect(code).toBe(2)
  expect(stderr).toContain('store has a campaign that has not ended, made from another file or with other flags')
})

/** Counts anew what the store says, and follows each attempt from its fence to its end. */
async function checkStore(path: string): Promise<void> {
  const storage = lmdbStorage({ path })
  await storage.open({ clock: systemClock(), random: { next: () => 0 } })
  const { items } = await storage.listJobs({ max: 10 })
  expect(items).toHaveLength(1)
  const [job] = items
  if (!job) return
  expect((await storage.recount(job.id)).counts).toEqual(job.counts)
  const { active, unknown, claimed, fresh, deferred, total } = job.counts
  expect({ active, unknown, claimed, fresh, deferred, total }).toEqual({
    active: 0,
    unknown: 0,
    claimed: 0,
    fresh: 0,
    deferred: 0,
    total: PEOPLE,
  })
  const open = new Set<string>()
  let fenced = 0
  for (let after = 0; after < job.lastEvent; ) {
    const page = await storage.events(job.id, after, 1000)
    if (page.status !== 'ok') throw new Error('events are gone')
    for (const { data } of page.events) {
      if (data.type === 'fenced') {
        fenced++
        open.add(data.ref)
      }
      if (data.type === 'closed') expect(open.delete(data.ref)).toBe(true)
    }
    after = page.events.at(-1)?.seq ?? job.lastEvent
  }
  expect(open.size).toBe(0)
  expect(fenced).toBe(job.fenced)
  const { items: tasks } = await storage.scanTasks(job.id, { max: PEOPLE })
  for (const { attempts, results } of tasks) expect(results).toHaveLength(attempts)
  await storage.close()
}
