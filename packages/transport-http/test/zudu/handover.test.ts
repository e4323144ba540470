import type { Attempt } from 'outdial'
import { expect, it } from 'vitest'
import { zudu } from '../../src/index.js'
import { Client } from '../support/client.js'
import { CALLER_IDS, people } from '../support/people.js'
import { World } from '../support/world.js'

const OWN = 'agent_7ff47846-c8a0-4304-ae13-88cfc31c1a03'
const BATCH = 'agent_00000000-0000-4000-8000-000000000000'

it('hands variables and agents to the carrier as they were sent', async () => {
  const attempts = new Map<string, Attempt>()
  const outcomes = (attempt: Attempt) => {
    attempts.set(attempt.to, attempt)
    return 'answered' as const
  }
  const world = await World.open({ dialects: [zudu()], carrier: { outcomes } })
  const acme = new Client(world, 'zudu')
  const [ann, bob] = people(2).map(({ phone }) => phone) as [string, string]
  // Names that mean something to the engine, or to JavaScript, are a client's own here.
  const text = '{"phone":1,"timezone":"x","attempts":"many","a":{"b":[null]},"__proto__":{"c":2}}'
  const dynamic_variables = JSON.parse(text) as object
  const calls = {
    from_number: CALLER_IDS[0],
    tasks: [{ to_number: ann, dynamic_variables, agent_id: OWN }, { to_number: bob }],
  }
  const { data } = (await acme.post('/batch-call', { ...calls, agent_id: BATCH })).body
  expect(data).toMatchObject({ name: null, agent_id: BATCH })
  await world.advance(60_000)
  expect(attempts.get(ann)).toMatchObject({ agent: OWN, from: CALLER_IDS[0] })
  expect(JSON.stringify(attempts.get(ann)?.variables)).toBe(text)
  expect(attempts.get(bob)).toMatchObject({ agent: BATCH, variables: {} })
  const [entry] = (await (await world.fetch(data.tasks_url as string)).json()) as { dynamic_variables: object }[]
  expect(JSON.stringify(entry?.dynamic_variables)).toBe(text)
  await world.close()
})
