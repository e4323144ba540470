import { placedCalls } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'
import type { Scenario } from './scenario.js'

/** The server is killed and comes back with what was on disk when it last said that it was: nothing that it had not promised. */
export const crashStore: Scenario = {
  name: 'crash-store',
  about: 'the server killed and started from what its disk had at the last confirmed write',
  needs: ['crash'],
  workers: 3,
  controls: ['not-durable'],
  async act(field) {
    const { store, people, fault } = field
    await placedCalls(field, people / 20)
    // Once exactly what was confirmed is left, then more and more of what was not.
    for (const torn of [0, 0.4, 0.9]) {
      await store.crash?.(torn)
      fault()
      await sleep(4_000)
    }
  },
}
