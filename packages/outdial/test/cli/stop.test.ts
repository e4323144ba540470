import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { manyContacts } from './support/contacts.js'
import { folder, start } from './support/outdial.js'

// Thousands of contacts, on whatever machine.
vi.setConfig({ testTimeout: 120_000 })

const from = ['--from', '+12025550100']

it('Ctrl-C gets through at full speed, lets live calls end and says how it stands', async () => {
  const cwd = folder()
  const run = start(['run', manyContacts(cwd, 8_000), ...from, '--speed', 'max', '--json'], { cwd })
  await run.until(/\d % {2}placed/)
  run.child.kill('SIGINT')
  const { code, stdout, stderr } = await run.ended
  expect(code).toBe(130)
  const { job, tasks, calls } = JSON.parse(stdout)
  expect(job.state).toBe('paused')
  expect(tasks.open).toBeGreaterThan(0)
  const ended = tasks.succeeded + tasks.failed
  expect(ended + tasks.open).toBe(8_000)
  // Nobody is left in a call: every one that was placed has an outcome.
  expect(Object.values<number>(calls.byOutcome).reduce((a, b) => a + b, 0)).toBe(calls.placed)
  expect(stderr).not.toContain('in a call')
  const say = (number: number) => number.toLocaleString('en-US')
  expect(stderr).toContain(`Interrupted: ${say(ended)} of 8,000 contacts have ended, ${say(tasks.open)} are open`)
  expect(stderr).toContain('kept in memory, which forgets')
  const results = readFileSync(join(cwd, 'results.csv'), 'utf8').trimEnd().split('\r\n')
  expect(results).toHaveLength(8_001)
  expect(results.filter((line) => /,waiting,,/.test(line)).length).toBeGreaterThan(0)
})

it('a first Ctrl-C in real time waits for live calls, a second leaves at once and leaves no empty file', async () => {
  const cwd = folder()
  const run = start(['run', manyContacts(cwd, 10), ...from], { cwd })
  await run.until(/live [1-9]/)
  run.child.kill('SIGINT')
  await run.until(/Stopping: no new calls, \d+ live to end\. Ctrl-C again leaves at once\./)
  run.child.kill('SIGINT')
  const { code, signal, stderr } = await run.ended
  expect({ code, signal, stderr }).toEqual({ code: 130, signal: null, stderr: '' })
  expect(readdirSync(cwd)).toEqual(['many.csv'])
})

it('a reader that goes away ends it quietly, with the results so far', async () => {
  const cwd = folder()
  const run = start(['run', manyContacts(cwd, 8_000), ...from, '--speed', 'max'], { cwd })
  await run.until(/rows read/)
  run.child.stdout?.destroy()
  const { code, signal, stderr } = await run.ended
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
  const results = readFileSync(join(cwd, 'results.csv'), 'utf8').trimEnd().split('\r\n')
  expect(results).toHaveLength(8_001)
  expect(results.filter((line) => /,waiting,,/.test(line)).length).toBeGreaterThan(0)
})
