import { placedCalls } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'
import type { Scenario } from './scenario.js'

/** The server does what it is asked, and its answer is lost with the connection: the client sends everything again by itself. */
export const dropReplies: Scenario = {
  name: 'drop-replies',
  about: 'answers of the server lost with their connections, so that clients send again',
  needs: ['link'],
  workers: 3,
  carrier: { capabilities: { lookup: false } },
  controls: ['replies-not-replayed'],
  async act(field) {
    const { store, people, fault } = field
    const { link } = store
    if (!link) throw new Error(`${this.name} needs a link`)
    await placedCalls(field, people / 20)
    for (let n = 0; n < 60; n++) {
      const before = link.dropped
      link.dropReplies(1)
      while (link.dropped === before) await sleep(20)
      fault()
      await sleep(150)
    }
  },
}
