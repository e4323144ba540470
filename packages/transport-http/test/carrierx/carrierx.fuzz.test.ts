import { carrierx } from '../../src/index.js'
import { describeFuzz } from '../support/fuzz.js'
import { TASKS } from './numbers.js'

const task = { type: 'phonenumber', field: 'phonenumber', entries: ['14155550100', '14155550199'] }
const update = { ...task, method: 'PATCH', data: { tags: ['spring'] } }

describeFuzz('carrierx', {
  dialect: carrierx(),
  accepted: { 'POST /core/v2/batch/tasks': update },
  async make(client, world) {
    const made = [await client.post(TASKS, { ...update, review: false })]
    await world.advance(1000)
    made.push(await client.post(TASKS, update), await client.post(TASKS, { ...task, method: 'DELETE' }))
    return made.map(({ body }) => ({ task_sid: body.task_sid as string }))
  },
})
