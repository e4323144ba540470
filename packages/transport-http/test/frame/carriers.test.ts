import { type CarrierEvent, OutdialError, simulatedCarrier, type WebhookRequest } from 'outdial'
import { afterEach, expect, it } from 'vitest'
import { createHttpTransport } from '../../src/index.js'
import { World } from '../support/world.js'

let world: World
afterEach(() => world.close())

it('hands webhooks to the engine as they came, and tells a forged one apart', async () => {
  world = await World.open({ dialects: [] })
  const seen: [string, WebhookRequest][] = []
  const engine = {
    calls: world.engine.calls,
    operations: world.engine.operations,
    suppression: world.engine.suppression,
    callerIds: world.engine.callerIds,
    erase: world.engine.erase.bind(world.engine),
    setLimits: world.engine.setLimits.bind(world.engine),
    async webhook(route: string, request: WebhookRequest) {
      seen.push([route, request])
      if (route === 'sim') return world.engine.webhook(route, request)
      if (request.headers['x-signature'] !== 'good') throw new OutdialError('webhook_forged', 'It is forged.')
      const events: CarrierEvent[] = []
      return { events: events.length }
    },
  }
  const transport = createHttpTransport({
    engine,
    directory: {} as never,
    dialects: [],
    publicUrl: 'https://calls.example.com',
    limits: { body: 100 },
  })
  const send = (name: string, headers: Record<string, string>, body = 'a=1') =>
    transport(new Request(`http://localhost/carriers/${name}/events?x=1`, { method: 'POST', headers, body }))
  expect((await send('other', { 'X-Signature': 'good' })).status).toBe(204)
  expect(seen[0]?.[1]).toMatchObject({
    method: 'POST',
    url: 'https://calls.example.com/carriers/other/events?x=1',
    body: 'a=1',
    headers: { 'x-signature': 'good' },
  })
  expect((await send('other', {})).status).toBe(401)
  expect((await send('other', {}, 'x'.repeat(101))).status).toBe(413)
  // The simulated carrier has no webhooks.
  expect(simulatedCarrier()).not.toHaveProperty('parseWebhook')
  expect((await send('sim', {})).status).toBe(404)
})
