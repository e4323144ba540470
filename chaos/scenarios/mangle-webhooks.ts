import { forgeWebhooks } from './forge-webhooks.js'
import type { Scenario } from './scenario.js'

/** Webhooks twice, in the wrong order, before the answer to the dial, seconds late, never; and forged ones between them. */
export const mangleWebhooks: Scenario = {
  name: 'mangle-webhooks',
  about: 'webhooks doubled, reordered, early, late, lost and forged',
  workers: 3,
  carrier: {
    faults: {
      eventsDoubled: 0.4,
      eventsReordered: 0.4,
      eventsEarly: 0.3,
      eventsLate: { by: [0, 2_500] },
      // A lost end keeps its slots until somebody asks, a minute later: more of them would only make it last longer.
      eventsLost: { queued: 0.3, ringing: 0.3, answered: 0.3, ended: 0.01 },
      forged: 0.1,
    },
  },
  controls: ['signatures-unchecked', 'events-by-contact'],
  async act(field) {
    await forgeWebhooks(field, Math.min(20_000, 20 * field.people))
    // Every event was late at least.
    field.fault(field.ledger().filter(({ kind }) => kind === 'placed').length)
  },
}
