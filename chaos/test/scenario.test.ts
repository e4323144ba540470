import { it } from 'vitest'
import { runScenario } from '../conductor/run-scenario.js'
import { violations } from '../judge/judge.js'
import { changeJobs } from '../scenarios/change-jobs.js'
import { crashStore } from '../scenarios/crash-store.js'
import { cutLink } from '../scenarios/cut-link.js'
import { loseReplies } from '../scenarios/lose-replies.js'
import { sharePeople } from '../scenarios/share-people.js'
import { spendMoney } from '../scenarios/spend-money.js'
import { lmdbStore } from '../stores/lmdb-store.js'
import { redisStore } from '../stores/redis-store.js'

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

it.concurrent('should find nothing wrong though caps change while workers of Redis die', {
  timeout: 240_000,
}, async ({ expect }) => {
  const { tasks, verdict } = await runScenario(sharePeople, { store: redisStore, people: 120 })
  expect(violations(verdict)).toEqual([])
  expect(tasks).toBe(120)
})

it.concurrent('should find the calls for which there was no money', { timeout: 240_000 }, async ({ expect }) => {
  const sabotage = 'money-not-held'
  const { verdict } = await runScenario(spendMoney, { store: lmdbStore, people: 120, sabotage })
  expect(verdict.limit.join()).toContain('spent or at stake')
})

it.concurrent('should find nothing wrong though Redis crashes and loses what it had not confirmed', {
  timeout: 180_000,
}, async ({ expect }) => {
  const { faults, verdict } = await runScenario(crashStore, { store: redisStore, people: 200 })
  expect(violations(verdict)).toEqual([])
  expect(faults).toBe(3)
})

it.concurrent('should find the calls that were placed when the link to Redis was back and it was too late', {
  timeout: 240_000,
}, async ({ expect }) => {
  const sabotage = 'start-by-ignored'
  // A run in which no worker happened to wait for a grant when its link broke has nothing to find.
  let found = ''
  for (let seed = 0; seed < 4 && !found.includes('after it was granted'); seed++) {
    found = (await runScenario(cutLink, { store: redisStore, people: 200, sabotage, seed })).verdict.policy.join()
  }
  expect(found).toContain('after it was granted')
})
