import { telnyx } from '../../src/index.js'
import { describeFuzz } from '../support/fuzz.js'
import { NUMBERS } from '../support/people.js'

describeFuzz('telnyx', {
  dialect: telnyx({ openJobs: { numbers: 1000, emergency: 1000 } }),
  accepted: {
    'POST /v2/phone_numbers/jobs/update_phone_numbers': { phone_numbers: NUMBERS.acme, tags: ['spring'] },
    'POST /v2/phone_numbers/jobs/delete_phone_numbers': { phone_numbers: NUMBERS.acme },
    'POST /v2/phone_numbers/jobs/update_emergency_settings': { phone_numbers: NUMBERS.acme, emergency_enabled: false },
  },
  async make(client, world) {
    const phone_numbers = [...NUMBERS.acme]
    const jobs = '/v2/phone_numbers/jobs'
    const made = [
      await client.post(`${jobs}/update_phone_numbers`, { phone_numbers, tags: ['spring'] }),
      await client.post(`${jobs}/update_emergency_settings`, { phone_numbers, emergency_enabled: false }),
    ]
    await world.advance(1000)
    made.push(await client.post(`${jobs}/update_phone_numbers`, { phone_numbers, hd_voice_enabled: true }))
    return made.map(({ body }) => ({ id: body.data.id as string }))
  },
})
