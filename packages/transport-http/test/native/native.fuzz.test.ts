import { native } from '../../src/index.js'
import { describeFuzz } from '../support/fuzz.js'
import { CALLER_IDS, people } from '../support/people.js'

describeFuzz('native', {
  dialect: native(),
  async make(client) {
    const campaign = { name: 'Reminders', from: CALLER_IDS[0], contacts: people(2), start: 'now' }
    const made = await Promise.all(Array.from({ length: 3 }, () => client.post('/v1/call-jobs', campaign)))
    return made.map(({ body }) => ({ id: body.id as string }))
  },
})
