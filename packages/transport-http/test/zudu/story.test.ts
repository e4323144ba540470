import { expect, it } from 'vitest'
import { zudu } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { batch } from './bodies.js'
import { OUTCOMES, story } from './story.js'

it('goes from a draft to its end', async () => {
  const world = await World.open({ dialects: [zudu()], carrier: { outcomes: OUTCOMES } })
  await story(world, () => world.advance(60_000))
  await world.close()
})

it('shows calls that are under way', async () => {
  const world = await World.open({ dialects: [zudu({ statuses: 'upper' })] })
  const acme = new Client(world, 'zudu')
  const made = await acme.post('/batch-call', batch(7))
  // As it was accepted, even if calls have begun since.
  expect(made.body.data).toMatchObject({
    status: 'SENT',
    sent: 0,
    last_sent_timestamp: null,
    scheduled_timestamp: null,
  })
  await world.advance(10_000)
  const path = `/batch-call/${made.body.data.batch_call_id}`
  expect((await acme.get(path)).body.data).toMatchObject({
    status: 'SENT',
    total: 7,
    sent: 5,
    picked_up: 0,
    completed: 0,
  })
  const { tasks } = (await acme.get(`${path}/tasks`)).body.data
  const calling = { status: 'CALLING', call_id: expect.stringMatching(/^job_/) }
  expect(tasks).toMatchObject([...Array(5).fill(calling), { status: 'PENDING' }, { status: 'PENDING' }])
  await world.advance(120_000)
  expect((await acme.get(path)).body.data).toMatchObject({ status: 'COMPLETED', sent: 7, picked_up: 7, completed: 7 })
  await world.close()
})
