import { type AccountProblem, type Carrier, type CarrierUse, OutdialError } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, FROM, phone } from '../support/bench.js'

/** Has the bench's carrier say what it needs and what is wrong with it. */
function bench(told: Pick<Carrier, 'needs' | 'check'>): Bench {
  const made = new Bench()
  Object.assign(made.carrier, told)
  return made
}

const AGENTS: Record<string, string[]> = { reminder: ['name', 'due'], plain: [] }
const needs = (agent?: string) => {
  const found = agent === undefined ? [] : AGENTS[agent]
  if (!found) throw new OutdialError('invalid_options', `agent: there is no '${agent}'`, { field: 'agent' })
  return found
}

describe('what an agent says of a contact', () => {
  const contacts = [
    { phone: phone(1), name: 'Ada Example', due: 'Monday' },
    { phone: phone(2), name: '', due: null },
    { phone: phone(3), agent: 'plain' },
    { phone: phone(4), agent: 'nobody' },
  ]
  const rejected = [
    { row: 2, column: 'name', code: 'variable_missing' },
    { row: 2, column: 'due', code: 'variable_missing' },
    { row: 4, column: 'agent', code: 'agent_unknown' },
  ]

  it('is looked for when a campaign is created, and when contacts are added', async () => {
    const { calls } = bench({ needs }).engine()
    const options = { name: 'Due', carrier: 'sim' as const, from: FROM, agent: 'reminder' }
    const job = await calls.create({ ...options, contacts })
    expect(job.intake).toMatchObject({ read: 4, accepted: 2, rejectedRows: 2, rejected })
    const more = contacts.map((contact, i) => ({ ...contact, phone: phone(10 + i) }))
    expect((await job.append(more)).intake).toMatchObject({ read: 4, accepted: 2, rejectedRows: 2, rejected })
  })

  it('is asked of an agent that is there', async () => {
    const { calls } = bench({ needs }).engine()
    const options = { name: 'Due', carrier: 'sim' as const, from: FROM, contacts: [{ phone: phone(1) }] }
    await expect(calls.create({ ...options, agent: 'nobody' })).rejects.toMatchObject({ details: { field: 'agent' } })
    expect((await calls.list()).items).toEqual([])
    const job = await calls.create(options)
    await expect(job.update({ agent: 'nobody' })).rejects.toMatchObject({ details: { field: 'agent' } })
    await job.update({ agent: 'plain' })
  })
})

describe('an account that is not in order', () => {
  const wrong: AccountProblem = { field: 'authToken', message: 'The service refuses it.' }

  it('keeps the engine from starting, until it is', async () => {
    let problems = [wrong]
    const engine = bench({ check: async () => problems }).engine()
    await expect(engine.start()).rejects.toMatchObject({
      code: 'carrier_misconfigured',
      message: 'sim: authToken: The service refuses it.',
      details: { problems: [{ route: 'sim', ...wrong }] },
    })
    problems = []
    await engine.start()
    await engine.stop({ drain: 0 })
  })

  it('keeps a campaign from being created that asks for what it does not have', async () => {
    const asked: (CarrierUse | undefined)[] = []
    const made = bench({
      check: async (use) => {
        asked.push(use)
        return use ? [{ field: 'from', message: 'Not a number of this account.' }] : []
      },
    })
    const engine = await made.started()
    await expect(engine.calls.create({ ...made.campaign(), agent: 'Ada' })).rejects.toMatchObject({
      code: 'carrier_misconfigured',
    })
    expect(asked).toEqual([undefined, { organization: 'default', from: [FROM], agent: 'Ada' }])
    expect((await engine.calls.list()).items).toEqual([])
    await made.end(engine)
  })

  it.each<[string, Carrier['check'] & object]>([
    ['cannot be asked', () => Promise.reject(new Error('no network'))],
    ['does not answer', () => new Promise(() => {})],
  ])('refuses nothing when it %s', async (_, check) => {
    const made = bench({ check })
    const engine = made.engine()
    const told: string[] = []
    engine.on('carrier.failed', ({ route, reason }) => told.push(`${route} ${reason}`))
    const starting = engine.start()
    await made.clock.advance(10_000)
    await starting
    expect(told).toEqual(['sim check'])
    await made.end(engine)
  })
})
