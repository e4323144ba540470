import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { folder, start } from '../support/outdial.js'
import { ended, QUICK, serving } from '../support/serving.js'

vi.setConfig({ testTimeout: 60_000 })

const number = '+12025550101'
const contacts = [{ phone: number }, { phone: '+12025550102' }, { phone: '+12025550103' }]
const campaign = { name: 'Reminders', from: '+13035550100', contacts, start: 'now' }

it('has rates, lists, limits of numbers and rules from its file', async () => {
  const cwd = folder()
  const path = (name: string) => join(cwd, name)
  writeFileSync(path('dnc.csv'), `phone\n${number}\n`)
  writeFileSync(path('rates.json'), JSON.stringify({ default: { perMinute: 6, billing: '60/60' }, book: 'rate' }))
  const house = { id: 'house', version: '1', source: 'a test', window: '00:00-24:00' }
  writeFileSync(path('rules.json'), JSON.stringify([house]))
  const server = await serving({
    ...QUICK,
    organizations: [{ ...QUICK.organizations[0], moneyPerDay: 900, timezone: 'America/New_York' }],
    numbers: [{ ...QUICK.numbers[0], perDay: 50, concurrency: 3 }],
    rates: { simulated: path('rates.json') },
    suppression: [{ file: path('dnc.csv'), reason: 'register', asOf: 'now', maxAge: '31d' }],
    campaigns: { defaults: { maxDuration: '2m', budget: { total: 500 } }, rules: [path('rules.json')] },
    ruleSets: [{ ...house, id: 'office' }],
    breaker: { minimum: 5 },
    quarantine: false,
  })
  const { body } = await server.ask('POST', '/v1/call-jobs', {
    ...campaign,
    start: 'draft',
    rules: ['france', 'office'],
  })
  expect(body.options).toMatchObject({ maxDuration: 120_000, budget: { total: 500 } })
  expect(body.options.rules.map(({ id }: { id: string }) => id)).toEqual(['house', 'fr-demarchage', 'office'])
  const preflight = await server.ask('GET', `/v1/call-jobs/${body.id}/preflight`)
  expect(preflight.body).toMatchObject({
    contacts: { dial: 2, skipped: 1 },
    // Two calls of two minutes at most, 6 a minute.
    cost: { min: 0, max: 24 },
    reasons: [{ code: 'suppressed', detail: `${number} is on everybody's do-not-call list` }],
  })
  const forecast = await server.ask('POST', `/v1/call-jobs/${body.id}/forecast`, {
    assume: { outcomes: { answered: 1 } },
  })
  expect(forecast.body.cost.expected).toBeGreaterThanOrEqual(12)
  await server.ask('POST', `/v1/call-jobs/${body.id}/start`, {})
  await ended(server, body.id)
  const { items } = (await server.ask('GET', `/v1/call-jobs/${body.id}/calls`)).body
  expect(items.map(({ booked }: { booked: number }) => booked)).toEqual([6, 6])
  const check = await server.ask('POST', '/v1/suppression/check', { numbers: [number] })
  expect(check.body.items[0].lists).toEqual([{ list: 'everybody', reason: 'register' }])
  expect((await server.ask('GET', '/v1/caller-ids/+13035550100')).body).toEqual({
    number: '+13035550100',
    live: 0,
    today: 2,
  })
  expect((await server.ask('GET', '/v1/organization')).body).toMatchObject({ moneyPerDay: 900 })
  await vi.waitFor(async () => {
    // Booked when the campaign has ended.
    expect((await server.ask('GET', '/v1/organization')).body.balance).toEqual({ available: 988, reserved: 0 })
  }, 20_000)
})

it('has rates and credits for development', async () => {
  const running = start(['serve', '--port', '0'], { cwd: folder(), env: {} })
  let shown = ''
  running.child.stdout?.on('data', (text: string) => {
    shown += text
  })
  await running.until(/Try it:/)
  const [, base = ''] = /listens on (http:[^,]+),/.exec(shown) ?? []
  const [, key = ''] = /key {5}(\S+)/.exec(shown) ?? []
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const response = await fetch(`${base}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into what it knows to be there.
    return (await response.json()) as any
  }
  const { id } = await ask('POST', '/v1/call-jobs', { ...campaign, start: 'draft', rules: ['united-states'] })
  const told = await ask('GET', `/v1/call-jobs/${id}/preflight`)
  expect(told.cost.max).toBeGreaterThan(0)
  expect((await ask('POST', `/v1/call-jobs/${id}/forecast`, {})).cost.expected).toBeGreaterThan(0)
  running.child.kill('SIGTERM')
  expect((await running.ended).code).toBe(0)
})
