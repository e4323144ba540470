import { placedCalls } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'
import type { Scenario } from './scenario.js'

/** The link to the store breaks for seconds, again and again: whole, and so that bytes vanish without a word. */
export const cutLink: Scenario = {
  name: 'cut-link',
  about: 'the link to the store cut for seconds, whole and half-open',
  needs: ['link'],
  workers: 3,
  controls: ['start-by-ignored'],
  async act(field) {
    const { store, people, fault } = field
    await placedCalls(field, people / 20)
    for (const trouble of ['replies', 'cut', 'both', 'requests', 'replies'] as const) {
      if (trouble === 'cut') store.link?.cut()
      else store.link?.halfOpen(trouble)
      fault()
      // Longer than a granted start may wait.
      await sleep(3_000)
      store.link?.heal()
      await sleep(2_000)
    }
  },
}
