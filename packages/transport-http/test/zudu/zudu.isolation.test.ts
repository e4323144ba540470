import { zudu } from '../../src/index.js'
import type { Client } from '../support/client.js'
import { describeIsolation } from '../support/isolation.js'
import type { World } from '../support/world.js'
import { batch, MONDAY } from './bodies.js'

const BODIES: Readonly<Record<string, unknown>> = {
  'POST /batch-call': batch(2, { status: 'draft' }),
  'PUT /batch-call/:id': batch(3, { status: 'draft', from_number: '+13035550102' }),
  'PATCH /batch-call/:id': { name: 'Taken over', status: 'sent' },
}

describeIsolation('zudu', {
  dialect: zudu(),
  unknown: { id: 'batch_call_00000000000040008000000000000000' },
  body: ({ method, path }) => BODIES[`${method} ${path}`],
  async make(client: Client, world: World) {
    const starts = [
      { status: 'draft' },
      { status: 'scheduled', trigger_timestamp: MONDAY + 86_400_000 },
      { send_now: true },
    ]
    const made = []
    for (const start of starts) made.push(await client.post('/batch-call', batch(2, start)))
    await world.advance(60_000)
    made.push(await client.post('/batch-call', batch(9)))
    return made.map(({ body }) => ({ id: body.data.batch_call_id as string }))
  },
})
