import { memoryAccounts, memoryDirectory } from 'outdial'
import { expect, it } from 'vitest'
import { talkifai } from '../../src/index.js'
import { Client } from '../support/client.js'
import { people } from '../support/people.js'
import { KEYS, World } from '../support/world.js'

const HOUR = 3_600_000

/** A world whose engine sells calls, of three cents at most, to an organization with so many cents. */
async function selling(cents: number) {
  const accounts = memoryAccounts({ 'acme-money': cents })
  const directory = memoryDirectory({
    organizations: [{ id: 'acme', account: 'acme-money', concurrency: 50 }],
    numbers: [{ id: 'phone_1', phone: '+13035550100', organization: 'acme', agent: 'agent_1' }],
    keys: [{ key: KEYS.acme.key, organization: 'acme' }],
  })
  const engine = { accounts, directory, rates: { sim: { default: { perMinute: 0.05 }, book: 'rate' } } } as const
  const world = await World.open({ dialects: [talkifai()], transport: { accounts, directory }, engine })
  const acme = new Client(world, 'talkifai')
  const create = (contacts: number, more: object = {}, headers: Record<string, string> = {}) =>
    acme.post(
      '/batch/create',
      { name: 'A', fromPhoneNumberId: 'phone_1', contacts: people(contacts), ...more },
      headers,
    )
  return { world, accounts, acme, create }
}

it('sets the estimate aside with a batch, so that a second one does not pass, and books what was spent', async () => {
  const { world, accounts, create } = await selling(500)
  expect((await create(100)).body).toMatchObject({ success: true, estimatedCost: '$3.50', status: 'pending' })
  expect(await accounts.balance('acme-money')).toEqual({ available: 150, reserved: 350 })
  expect(await create(100)).toMatchObject({
    status: 400,
    body: { code: 'insufficient_credits', detail: 'Insufficient credits. Required: $3.50, Available: $1.50' },
  })
  await world.clock.advance(HOUR)
  // A hundred calls of half a minute: two and a half cents.
  expect(await accounts.balance('acme-money')).toEqual({ available: 497, reserved: 0 })
  await world.close()
})

it('sets it aside for a batch that is to start later, once, and gives it back when that is canceled', async () => {
  const { world, accounts, acme, create } = await selling(500)
  const later = { scheduledStartTime: '2027-01-05T10:00:00', timezone: 'UTC' }
  const key = { 'idempotency-key': 'one' }
  const first = await create(100, later, key)
  expect(first.body).toMatchObject({ success: true, status: 'scheduled' })
  expect((await create(100, later, key)).body.batchJobId).toBe(first.body.batchJobId)
  expect(await accounts.balance('acme-money')).toEqual({ available: 150, reserved: 350 })
  expect(await create(100, {}, { 'idempotency-key': 'two' })).toMatchObject({
    status: 400,
    body: { code: 'insufficient_credits', detail: 'Insufficient credits. Required: $3.50, Available: $1.50' },
  })
  await acme.post(`/batch/jobs/${first.body.batchJobId}/cancel`)
  await world.clock.advance(HOUR)
  expect(await accounts.balance('acme-money')).toEqual({ available: 500, reserved: 0 })
  await world.close()
})
