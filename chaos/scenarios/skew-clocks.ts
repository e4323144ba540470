import { placedCalls } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'
import { appendPeople } from './append-people.js'
import type { Scenario } from './scenario.js'

/** Nothing counts as proven before a worker has seen so much time pass: transit (30 s) and the carrier's lag (10 s). */
const JUDGED_AFTER = 43_000

/** Workers whose clocks are wrong by minutes, each by another; and calls of which only the carrier knows, later. */
export const skewClocks: Scenario = {
  name: 'skew-clocks',
  about: 'workers with clocks minutes off, one of which comes in the middle; answers of the carrier lost',
  workers: 4,
  late: [3],
  skews: [-240_000, -180_000, -120_000, 20_000],
  carrier: {
    capabilities: { lookup: { visibilityLag: 10_000, horizon: 86_400_000 } },
    faults: {
      // Placed, but the answer does not say so, nor an event before long, nor a look-up at once.
      timeoutPlaced: 0.15,
      lookupLag: [7_000, 10_000],
      eventsLost: { queued: 1, ringing: 1, answered: 1 },
      eventsLate: { by: [3_000, 6_500], only: { ended: 0.4 } },
    },
  },
  controls: ['own-time'],
  async act(field) {
    const { crew, people } = field
    field.fault(crew.size)
    await placedCalls(field, people / 3)
    await crew.start([3])
    // Long enough for whoever takes the store's times for its own to believe that time has passed.
    await sleep(JUDGED_AFTER)
    await appendPeople(field, Math.round(people / 3))
    await placedCalls(field, Math.round(people * 1.3))
    field.fault(new Set(field.ledger().flatMap(({ kind, ref }) => (kind === 'lookup' ? [ref] : []))).size)
  },
}
