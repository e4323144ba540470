// A campaign over a service that is not ours: a server in plain JavaScript, in a process of its own, that loses one answer in
// eight. Its ledger says whom it was asked to call.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { httpCarrier } from '@outdial/transport-telephony/http'
import { createEngine, isOutdialError } from 'outdial'

const folder = mkdtempSync(join(tmpdir(), 'outdial-http-carrier-'))
const LEDGER = join(folder, 'calls.jsonl')
const SECRET = `whsec_${randomBytes(32).toString('base64')}` // both ends have it

const service = spawn(process.execPath, [fileURLToPath(new URL('server.mjs', import.meta.url))], {
  env: { ...process.env, SECRET, LEDGER, LOSE_ANSWERS: '0.125' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const [said] = (await once(service.stdout.setEncoding('utf8'), 'data')) as [string]
const baseUrl = said.trim()

// Where the service sends its events. With @outdial/transport-http this is there already: /carriers/pbx/events.
const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const event = { method: 'POST', url: `${webhookUrl}`, headers, body }
  const status = await engine.webhook('pbx', event).then(
    () => 204,
    (error) => (isOutdialError(error, 'webhook_forged') ? 401 : 503),
  )
  response.writeHead(status).end()
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/carriers/pbx/events`

const capabilities = {
  idempotency: 'durable',
  lookup: { visibilityLag: 0, horizon: 86_400_000 },
  hangup: true,
  cps: 100,
} as const
const pbx = httpCarrier({ baseUrl, secret: SECRET, webhookUrl, capabilities })
const engine = createEngine({ carriers: { pbx } })
let lost = 0
engine.on('call.unknown', () => lost++)
await engine.start() // asks the service what it can do, and refuses to start if that is less

const campaign = (from: string) => ({
  name: 'Appointments',
  carrier: 'pbx' as const,
  from,
  agent: 'Hello {{name}}, your appointment is tomorrow.',
  contacts: Array.from({ length: 100 }, (_, i) => ({
    phone: `+1303555${String(100 + i).padStart(4, '0')}`,
    name: `Gizmo the ${i}th`,
  })),
  retry: { busy: ['1s', '1s', '1s', '1s', '1s'] },
  attempts: 6,
  start: 'now' as const,
})
await engine.calls.create(campaign('+12025550166')).catch((error) => console.log(error.code, '-', error.message))

const job = await engine.calls.create(campaign('+12025550100'))
const { state, tasks } = await job.finished()
console.log(`${state}: ${tasks.succeeded} of ${tasks.total} reached, ${tasks.open} open`)
await engine.stop()

interface Line {
  ref: string
  to: string
  state: string
  outcome?: string
  raw?: { said?: string }
}
const lines = readFileSync(LEDGER, 'utf8').trim().split('\n')
const ledger = lines.map((line) => JSON.parse(line) as Line)
const talks = ledger.filter(({ outcome }) => outcome === 'answered')
const people = new Set(talks.map(({ to }) => to))
console.log(`by the service's ledger: ${people.size} people talked to, ${talks.length - people.size} of them twice`)
console.log(`the first heard: ${talks.find(({ to }) => to === '+13035550100')?.raw?.said}`)
console.log(`answers lost: ${lost > 0 ? 'some' : 'none'}, refs asked for twice: ${doubles(ledger)}`)

/** A call is queued once. */
function doubles(entries: readonly Line[]): number {
  const queued = entries.filter((entry) => entry.state === 'queued').map(({ ref }) => ref)
  return queued.length - new Set(queued).size
}

service.kill()
server.close()
server.closeAllConnections()
rmSync(folder, { recursive: true, force: true })
if (people.size !== 100 || talks.length !== 100) process.exitCode = 1
