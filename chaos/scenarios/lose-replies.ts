import { placedCalls } from '../conductor/field.js'
import type { Scenario } from './scenario.js'

/**
 * Every exchange is done and its first answer is lost, so that each is sent twice. The carrier cannot be asked: nothing
 * but the store's repeated answer says what was granted.
 */
export const loseReplies: Scenario = {
  name: 'lose-replies',
  about: 'the first answer to every exchange with the store is lost, and the carrier cannot be asked',
  workers: 3,
  loseReplies: true,
  carrier: { capabilities: { lookup: false } },
  controls: ['replies-not-replayed'],
  async act(field) {
    // Nothing has to be done: every exchange is in trouble until all is over.
    await placedCalls(field, field.people / 20)
    field.fault(field.crew.size)
  },
}
