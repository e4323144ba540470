import { type Field, placedCalls } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'
import { killingMeanwhile } from './killing-meanwhile.js'
import type { Scenario } from './scenario.js'

/** Two campaigns have the same people, and whoever has answered one of them is left alone for a while that is changed. */
export const leaveAlone: Scenario = {
  name: 'leave-alone',
  about: 'two campaigns with the same people, cool-downs set and changed, workers killed',
  workers: 4,
  // One is so much faster that the other comes to most people within the cool-down.
  campaigns: { samePeople: true, lasts: 10, rest: 0 },
  controls: ['cool-downs-not-asked'],
  async act(field) {
    await placedCalls(field, field.people / 20)
    await killingMeanwhile(field, async () => {
      for (const rest of [20_000, 30_000, 15_000]) {
        await leave(field, rest)
        await sleep(6_000)
      }
    })
  },
}

async function leave({ limits, reminders, survey, fault }: Field, rest: number): Promise<void> {
  for (const { job } of [reminders, survey]) {
    await limits.change(job.id, { rest }, () => job.update({ cooldowns: [{ after: ['answered'], wait: rest }] }))
    fault()
  }
}
