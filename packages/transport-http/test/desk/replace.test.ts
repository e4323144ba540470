import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { Desk } from '../../src/desk/desk.js'
import { wireOf } from '../../src/desk/wire-facts.js'
import { CALLER_IDS, people } from '../support/people.js'
import { World } from '../support/world.js'

let world: World
let desk: Desk
beforeEach(async () => {
  world = await World.open({ dialects: [] })
  desk = deskOf()
})
afterEach(() => world.close())

const deskOf = (organization = 'acme', facts: { idempotencyKey?: string; fingerprint?: string } = {}) => {
  const directory = {
    organization: async () => undefined,
    callerNumber: async () => undefined,
    ownNumber: async () => undefined,
    authenticate: async () => undefined,
  }
  const host = {
    engine: world.engine,
    directory,
    resources: [],
    carrier: 'sim',
    callerIds: 'any',
    campaigns: {},
  } as const
  return new Desk(host, organization, { dialect: 'sample', ...facts })
}
const campaign = (count: number, more: object = {}) => ({
  name: 'Reminders',
  from: CALLER_IDS[0],
  contacts: people(count),
  ...more,
})
const schema = z.strictObject({ version: z.number() })

describe('replacing a draft', () => {
  it('keeps its id, and nobody is called twice', async () => {
    const made = await desk.createCalls(campaign(5, { start: '2027-01-04T15:00:00Z', wire: { version: 1 } }))
    const second = await desk.replaceCalls(made, campaign(3, { start: '2027-01-04T16:00:00Z', wire: { version: 2 } }))
    expect(second).toMatchObject({ id: made.id, snapshot: { state: 'scheduled', tasks: { total: 3 } } })
    const third = await desk.replaceCalls(await desk.callJob(made.id), campaign(4, { start: 'now' }))
    expect(third.id).toBe(made.id)
    await world.advance(4 * 3_600_000)
    const found = await desk.callJob(made.id)
    expect(found).toMatchObject({ id: made.id, snapshot: { state: 'completed', tasks: { total: 4, succeeded: 4 } } })
    expect([...world.carrier.ledger].filter(({ kind }) => kind === 'placed')).toHaveLength(4)
    const listed = await desk.list({ kind: 'calls' })
    expect(listed.items.map((job) => desk.idOf(job))).toEqual([made.id])
    expect(wireOf(second.snapshot, 'sample', schema)).toEqual({ version: 2 })
    expect(wireOf(second.snapshot, 'other', schema)).toBeUndefined()
  })

  it('is refused when somebody was faster, and leaves nothing behind', async () => {
    const made = await desk.createCalls(campaign(5))
    await made.job.start()
    await expect(desk.replaceCalls(made, campaign(3))).rejects.toMatchObject({ code: 'revision_conflict' })
    expect((await desk.list({})).items).toHaveLength(1)
    expect((await world.storage.listJobs({ max: 10 })).items).toHaveLength(1)
  })

  it('is removed with all that it replaced, once it has ended', async () => {
    const made = await desk.createCalls(campaign(5))
    await desk.replaceCalls(made, campaign(3))
    const last = await desk.replaceCalls(await desk.callJob(made.id), campaign(2))
    await expect(desk.removeCalls(last)).rejects.toMatchObject({ code: 'job_not_ended' })
    expect((await world.storage.listJobs({ max: 10 })).items).toHaveLength(3)
    await last.job.cancel()
    await desk.removeCalls(last)
    expect((await world.storage.listJobs({ max: 10 })).items).toEqual([])
    await expect(desk.callJob(made.id)).rejects.toMatchObject({ failure: { kind: 'missing' } })
  })

  it('can be repeated with the same key', async () => {
    const made = await desk.createCalls(campaign(5))
    const keyed = deskOf('acme', { idempotencyKey: 'sample:put-1', fingerprint: 'same' })
    const once = await keyed.replaceCalls(made, campaign(3))
    const twice = await keyed.replaceCalls(await keyed.callJob(made.id), campaign(3))
    expect(twice.job.id).toBe(once.job.id)
    expect(twice.snapshot.state).toBe('draft')
  })
})

describe('a desk', () => {
  it('keeps names with $ to itself, and finds nothing of others', async () => {
    const { id, snapshot } = await desk.createCalls(campaign(1, { metadata: { $replacedBy: 'x', own: 1 } }))
    expect(snapshot.metadata).toEqual({ own: 1, $dialect: 'sample' })
    for (const lookup of [deskOf('globex').callJob(id), deskOf('globex').job(id), desk.operationJob(id)])
      await expect(lookup).rejects.toMatchObject({ failure: { kind: 'missing', what: 'job', id } })
    await expect(deskOf('globex').report(`${id}:0:1:x`, {})).rejects.toMatchObject({ failure: { kind: 'missing' } })
  })

  it('lists newest first, a part of it, and says how many there are', async () => {
    const ids: string[] = []
    for (let i = 0; i < 5; i++) ids.push((await desk.createCalls(campaign(1))).id)
    const list = await desk.list({ offset: 1, limit: 2 })
    expect(list.total).toBe(5)
    expect(list.items.map((job) => desk.idOf(job))).toEqual([ids[3], ids[2]])
  })
})
