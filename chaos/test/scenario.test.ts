import { it } from 'vitest'
import { runScenario } from '../conductor/run-scenario.js'
import { violations } from '../judge/judge.js'
import { changeJobs } from '../scenarios/change-jobs.js'
import { loseReplies } from '../scenarios/lose-replies.js'
import { lmdbStore } from '../stores/lmdb-store.js'

// The whole is `npm run chaos`. This is as much of it as fits into a few seconds: real processes, and a control.
it.concurrent('should find nothing wrong though every answer of the store is lost once', { timeout: 120_000 }, async ({
  expect,
}) => {
  const { tasks, verdict } = await runScenario(loseReplies, { store: lmdbStore, people: 60 })
  expect(violations(verdict)).toEqual([])
  expect(tasks).toBe(60)
})

it.concurrent('should find the calls that nobody asked the suppression list about', { timeout: 120_000 }, async ({
  expect,
}) => {
  const sabotage = 'suppression-not-asked'
  const { verdict } = await runScenario(changeJobs, { store: lmdbStore, people: 200, sabotage })
  expect(verdict.policy.join()).toContain('its number was suppressed')
})
