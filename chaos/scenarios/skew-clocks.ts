import { placedCalls } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'
import type { Scenario } from './scenario.js'

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
      // Placed, but neither the answer says so, nor a look-up at once, nor an event before long.
      timeoutPlaced: 0.03,
      lookupLag: [7_000, 10_000],
      eventsLate: { by: [0, 8_000] },
    },
  },
  controls: ['own-time'],
  async act(field) {
    const { crew, people } = field
    field.fault(crew.size)
    await placedCalls(field, people / 3)
    await crew.start([3])
    await sleep(2_000)
    field.fault(new Set(field.ledger().flatMap(({ kind, ref }) => (kind === 'lookup' ? [ref] : []))).size)
  },
}
