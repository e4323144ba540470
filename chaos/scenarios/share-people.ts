import { type Field, placedCalls } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'
import { killingMeanwhile } from './killing-meanwhile.js'
import type { Scenario } from './scenario.js'

/** Milliseconds in which a cap counts: long beside the two seconds that a granted start may wait. */
const WITHIN = 15_000

/**
 * Two campaigns have the same people, and caps on how often one is called by both together. They are lowered and raised while
 * workers die, and while the carrier's answers get lost, so that many calls are of unknown outcome, and count.
 */
export const sharePeople: Scenario = {
  name: 'share-people',
  about: 'two campaigns with the same people, caps lowered and raised, calls of unknown outcome, workers killed',
  workers: 4,
  campaigns: { samePeople: true, lasts: 20, calls: 3, within: WITHIN },
  carrier: {
    capabilities: { lookup: { visibilityLag: 2_000, horizon: 86_400_000 } },
    faults: { timeoutPlaced: 0.05 },
  },
  controls: ['caps-not-taken'],
  async act(field) {
    await placedCalls(field, field.people / 20)
    await killingMeanwhile(field, async () => {
      for (const calls of [1, 3, 2]) {
        await cap(field, calls)
        await sleep(5_000)
      }
    })
  },
}

async function cap({ limits, reminders, survey, fault }: Field, calls: number): Promise<void> {
  for (const { job } of [reminders, survey]) {
    await limits.change(job.id, { calls, within: WITHIN }, () =>
      job.update({ caps: [{ per: 'phone', max: calls, within: WITHIN }] }),
    )
    fault()
  }
}
