import { type Field, placedCalls } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'
import { killingMeanwhile } from './killing-meanwhile.js'
import type { Scenario } from './scenario.js'

/** A campaign gets a budget while it runs, less than it needs; it is lowered, raised and lifted while workers die. */
export const spendMoney: Scenario = {
  name: 'spend-money',
  about: 'a budget set, lowered below what was spent, raised and lifted, workers killed',
  workers: 4,
  // A call costs less than it may: what is live counts for more than what has ended.
  campaigns: { lasts: 25, prices: { worst: 6, cost: 2 } },
  controls: ['money-not-held'],
  async act(field) {
    const { people } = field
    await placedCalls(field, people / 20)
    await killingMeanwhile(field, async () => {
      await budget(field, Math.round(people * 0.3))
      await sleep(5_000)
      await budget(field, Math.round(people * 0.2))
      await sleep(7_000)
      await budget(field, people)
      await sleep(4_000)
      await budget(field, null)
    })
  },
}

async function budget({ limits, reminders, fault }: Field, total: number | null): Promise<void> {
  const { job } = reminders
  await limits.change(job.id, { money: total ?? Number.POSITIVE_INFINITY }, () => job.update({ budget: { total } }))
  fault()
}
