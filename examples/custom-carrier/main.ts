// A campaign over a carrier of our own, and the service's ledger at its end.
import { createEngine, type WebhookRequest } from 'outdial'
import { pigeonCarrier } from './pigeon-carrier.js'
import { PigeonService } from './pigeon-service.js'

const service = new PigeonService()
const pigeon = pigeonCarrier({ url: await service.start(), apiKey: service.key })
const engine = createEngine({ carriers: { pigeon } })

// Everybody answers. Webhooks go to the engine; in life an HTTP server hands them over.
const deliver = (webhooks: readonly WebhookRequest[]) =>
  Promise.all(webhooks.map((webhook) => engine.webhook('pigeon', webhook)))
service.onPlaced = (callId) =>
  void setTimeout(async () => {
    await deliver(await service.ring(callId))
    await deliver(await service.answer(callId))
    await deliver((await service.end(callId, 'completed')) ?? [])
  }, 10)
service.next({ fault: 'error', placed: true }) // the first call is placed, and the answer is an error

await engine.start()
const job = await engine.calls.create({
  name: 'Reminders',
  carrier: 'pigeon',
  from: '+12025550100',
  agent: 'Hello {{name}}',
  contacts: ['Gizmo', 'Waldo', 'Fred', 'Plugh', 'Xyzzy'].map((name, i) => ({ phone: `+1303555010${i}`, name })),
  start: 'now',
})
const { state, tasks } = await job.finished()
console.log(`${state}: ${tasks.succeeded} of ${tasks.total} reached, with ${service.calls().length} calls`)
await engine.stop()
service.stop()
if (service.calls().length !== 5) process.exitCode = 1
