import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Engine, EngineEvent } from '../../src/index.js'
import { all, heard, phones, type World, world } from './support/bench.js'

const PIN = '8675309'
const numbers = phones(3)
const EVENTS: EngineEvent[] = [
  'job.created',
  'job.changed',
  'job.ended',
  'operation.ended',
  'operation.unknown',
  'operation.task.ended',
  'carrier.failed',
]

let here: World
let engine: Engine
beforeEach(() => {
  here = world({ numbers: { acme: numbers } })
  engine = here.engine()
})
afterEach(async () => {
  await engine.stop()
})

const common = { organization: 'acme', type: 'phonenumber', secrets: ['external_pin'], review: true } as const

async function everythingShown(job: Awaited<ReturnType<Engine['operations']['create']>>): Promise<string> {
  const { items } = await engine.operations.list({ organization: 'acme' })
  return JSON.stringify([
    await job.snapshot(),
    items,
    await all(job.plan()),
    await all(job.items()),
    await job.itemPage(),
    await all(job.results()),
    await all(job.log()),
  ])
}

test('a secret reaches the back end and nobody else', async () => {
  const told = heard(engine, ...EVENTS)
  const job = await engine.operations.create({
    ...common,
    name: 'Pin',
    method: 'update',
    entries: numbers,
    data: { external_pin: PIN, tags: ['spring'] },
  })
  const before = await everythingShown(job)
  expect(before).toContain('[redacted]')
  expect(before).toContain('spring')
  expect(before).not.toContain(PIN)
  // The first of them is in doubt for a while, and is found out about by another way.
  here.inventory.setFaults({ timeoutApplied: ({ entry, time }) => entry === numbers[0] && time === 1 })
  await job.approve()
  await engine.start()
  expect(await job.finished()).toMatchObject({ tasks: { succeeded: 3 } })
  expect(here.inventory.numbers('acme').map(({ fields }) => fields.external_pin)).toEqual([PIN, PIN, PIN])
  const after = await everythingShown(job)
  expect(after).toContain('"external_pin":"[redacted]"')
  expect(after).not.toContain(PIN)
  expect(told.length).toBeGreaterThan(6)
  expect(JSON.stringify(told)).not.toContain(PIN)
})

test('a plan compares secrets as they are', async () => {
  here.inventory.add('acme', { phonenumber: '+12025550100', external_pin: PIN })
  const update = { ...common, name: 'Pin', method: 'update', entries: ['+12025550100'] } as const
  const same = await engine.operations.create({ ...update, data: { external_pin: PIN } })
  expect(await same.planSummary()).toMatchObject({ unchanged: 1, changing: 0 })
  const other = await engine.operations.create({ ...update, data: { external_pin: '1' } })
  expect((await all(other.plan()))[0]?.changes).toEqual({ external_pin: { from: '[redacted]', to: '[redacted]' } })
})

test('what is created may have secrets of its own', async () => {
  const data = [{ external_pin: PIN }, { tags: [] }]
  const job = await engine.operations.create({ ...common, name: 'Buy', method: 'create', data })
  expect(await everythingShown(job)).not.toContain(PIN)
  await job.approve()
  await engine.start()
  await job.finished()
  expect(here.inventory.numbers('acme').filter(({ fields }) => fields.external_pin === PIN)).toHaveLength(1)
  expect(await everythingShown(job)).not.toContain(PIN)
})
