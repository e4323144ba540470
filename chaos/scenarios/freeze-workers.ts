import { placedCalls } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'
import type { Scenario } from './scenario.js'

/** Longer than the lease of a claim (10 s), and than others wait before they look at what was fenced (37 s and a round). */
const FROZEN = 50_000

/** SIGSTOP of workers that hold starts which they were granted, until others have long taken over; then SIGCONT. */
export const freezeWorkers: Scenario = {
  name: 'freeze-workers',
  about: 'SIGSTOP between grant and start, for longer than every lease, then SIGCONT',
  workers: 4,
  controls: ['start-by-ignored'],
  async act(field) {
    const { crew, people } = field
    await placedCalls(field, people / 20)
    // Both of a pair, so that also the webhooks of one go to the other for nothing.
    const frozen = [0, 1]
    await Promise.all(frozen.map((worker) => crew.freeze(worker)))
    await sleep(FROZEN)
    for (const worker of frozen) crew.thaw(worker)
    await sleep(3_000)
  },
}
