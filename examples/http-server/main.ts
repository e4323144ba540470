// The same engine and transport inside Express, Fastify and Hono; a client creates a campaign and follows it to its end.
import { inExpress } from './in-express.js'
import { inFastify } from './in-fastify.js'
import { inHono } from './in-hono.js'
import { KEY, PATH, telephony } from './telephony.js'

const { engine, transport } = telephony()
await engine.start()

const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }

for (const [name, open] of Object.entries({ Express: inExpress, Fastify: inFastify, Hono: inHono })) {
  const { base, close } = await open(transport)
  const created = await fetch(`${base}${PATH}/v1/call-jobs`, {
    method: 'POST',
    headers: { ...headers, 'idempotency-key': `reminders-${name}` },
    body: JSON.stringify({
      name: 'Reminders',
      from: '+13035550100',
      contacts: [
        { phone: '+12025550101', name: 'Ann Example' },
        { phone: '+12025550102', name: 'Bob Example' },
      ],
      start: 'now',
    }),
  })
  const location = created.headers.get('location') as string

  // Server-sent events: one for each change, until the campaign has ended.
  const progress = await fetch(`${location}/progress`, { headers })
  const events = (await progress.text()).match(/^data: .*$/gm) ?? []
  const last = JSON.parse((events.at(-1) ?? '').slice('data: '.length)) as {
    state: string
    tasks: { total: number; succeeded: number }
  }
  const { from } = (await (await fetch(`${base}/hello`)).json()) as { from: string }
  console.log(
    `${name}: ${created.status}, ${last.state}, ${last.tasks.succeeded} of ${last.tasks.total} reached; ${from} answers too`,
  )
  await close()
}

await transport.close()
await engine.stop()
