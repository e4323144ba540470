import type { Outcome } from 'outdial'
import { expect } from 'vitest'
import { jobOfHex } from '../../src/index.js'
import { type Answer, Client } from '../support/client.js'
import { people } from '../support/people.js'
import type { World } from '../support/world.js'
import { batch } from './bodies.js'

const [ann, bob, cy, dee] = people(4).map(({ phone }) => phone) as [string, string, string, string]

const COMES: Readonly<Record<string, Outcome>> = { [bob]: 'busy', [cy]: 'invalid_number', [dee]: 'voicemail' }
/** What comes of each person's call: all different. */
export const OUTCOMES = ({ to }: { to: string }): Outcome => COMES[to] ?? 'answered'

export const jobOf = (batchId: string): string => jobOfHex(batchId.slice('batch_call_'.length)) as string

const refusal = (status: number, error: string | RegExp) => ({
  status,
  body: { status: 'error', error: typeof error === 'string' ? error : expect.stringMatching(error), data: null },
})

/** From a draft to its end, and what can be seen and done on the way. `settle` waits until a job has ended. */
export async function story(world: World, settle: (jobId: string) => Promise<void>): Promise<void> {
  const acme = new Client(world, 'zudu')
  const answered: Answer[] = []
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await acme.send(method, path, body)
    answered.push(answer)
    return answer
  }

  const made = await ask('POST', '/batch-call', batch(5, { status: 'draft', timezone: 'America/New_York' }))
  expect(made).toMatchObject({
    status: 201,
    body: {
      message: 'Batch call created successfully',
      data: {
        status: 'draft',
        total: 5,
        sent: 0,
        agent_id: 'agent_0',
        organization_id: 'acme',
        timezone: 'America/New_York',
      },
    },
  })
  const id = made.body.data.batch_call_id as string
  const path = `/batch-call/${id}`
  expect(id).toMatch(/^batch_call_[0-9a-f]{32}$/)
  expect((await ask('GET', `${path}/tasks`)).body.data).toMatchObject({
    tasks: Array(5).fill({ status: 'PENDING', call_id: null, error_message: null }),
    pagination: { page: 0, limit: 50, total: 5, total_pages: 1 },
  })

  expect(await ask('POST', `${path}/execute`)).toMatchObject({
    status: 200,
    body: { message: 'Batch call execution started', data: { batch_call_id: id, status: 'sent' } },
  })
  expect(await ask('POST', `${path}/execute`)).toMatchObject(
    refusal(400, /^Cannot execute batch call with status (SENT|COMPLETED)$/),
  )
  await settle(jobOf(id))

  const done = await ask('GET', path)
  expect(done.body.data).toMatchObject({ status: 'completed', total: 5, sent: 5, picked_up: 3, completed: 2 })
  expect(done.body.data.last_sent_timestamp).toBeGreaterThanOrEqual(done.body.data.created_timestamp)
  const second = await ask('GET', `${path}/tasks?page=1&limit=2`)
  expect(second.body.data).toMatchObject({
    tasks: [
      { to_number: cy, status: 'FAILED', error_message: 'invalid number' },
      { to_number: dee, status: 'FAILED', error_message: 'voicemail: outcome not retried' },
    ],
    pagination: { page: 1, limit: 2, total: 5, total_pages: 3 },
  })
  const file = await world.fetch(done.body.data.tasks_url as string)
  expect(file.status).toBe(200)
  const entries = (await file.json()) as object[]
  expect(entries).toHaveLength(5)
  expect(entries.slice(0, 2)).toMatchObject([
    { to_number: ann, status: 'COMPLETED', dynamic_variables: { first_name: 'Person 0' }, error_message: null },
    { to_number: bob, status: 'FAILED', error_message: 'busy: attempts exhausted' },
  ])

  const later = await ask('POST', '/batch-call', batch(2, { name: 'Later', trigger_timestamp: 4_000_000_000_000 }))
  expect(later.body.data).toMatchObject({ status: 'scheduled', scheduled_timestamp: 4_000_000_000_000 })
  const next = `/batch-call/${later.body.data.batch_call_id}`
  const listed = await ask('GET', '/batch-call/list?sort_by=name&sort_order=ascending')
  expect(listed.body.data.batch_calls).toMatchObject([
    { name: 'Later', status: 'scheduled' },
    { name: 'Reminders', status: 'completed', completed: 2 },
  ])
  expect(
    (await ask('POST', '/batch-call/list', { filter_criteria: { status: ['COMPLETED'] } })).body.data,
  ).toMatchObject({
    batch_calls: [{ batch_call_id: id }],
    applied_filters: { status: '1 value' },
  })
  expect(await ask('DELETE', next)).toMatchObject(refusal(400, 'Cannot delete batch call with status SCHEDULED'))
  expect((await ask('PUT', next, batch(3, { status: 'draft' }))).body.data).toMatchObject({ status: 'draft', total: 3 })
  for (const one of [next, path]) {
    expect(await ask('DELETE', one)).toMatchObject({
      status: 200,
      body: { message: 'Batch call deleted successfully', status: 'success', error: null, data: null },
    })
    expect(await ask('GET', one)).toMatchObject(refusal(404, /^Batch call with ID '.*' does not exist in organization/))
  }
  expect((await world.storage.listJobs({ max: 10 })).items).toEqual([])
  for (const { body } of answered) expect(Object.keys(body)).toEqual(['message', 'status', 'error', 'data'])
  expect(world.carrier.ledger.calledTwice({ by: 'attempt' })).toEqual([])
}
