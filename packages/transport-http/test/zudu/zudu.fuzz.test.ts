import { zudu } from '../../src/index.js'
import { describeFuzz } from '../support/fuzz.js'
import { batch, MONDAY } from './bodies.js'

describeFuzz('zudu', {
  dialect: zudu(),
  accepted: {
    'POST /batch-call': batch(2),
    'PUT /batch-call/:id': batch(1),
    'PATCH /batch-call/:id': {},
  },
  async make(client) {
    const starts = [{ status: 'draft' }, { trigger_timestamp: MONDAY + 86_400_000 }, { send_now: true }]
    const made = await Promise.all(starts.map((start) => client.post('/batch-call', batch(2, start))))
    return made.map(({ body }) => ({ id: body.data.batch_call_id as string }))
  },
})
