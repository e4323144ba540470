// A service of the HTTP carrier protocol, version 1 (docs/carriers/http.md). It needs nothing but Node: take it as it is, put
// your PBX behind switchboard.mjs, or write the same in another language.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { openLedger } from './ledger.mjs'
import { dial, hangUp } from './switchboard.mjs'

const { SECRET = '', PORT = '0', LEDGER = 'calls.jsonl', LOSE_ANSWERS = '0' } = process.env
const ledger = openLedger(LEDGER)
const key = Buffer.from(SECRET.replace(/^whsec_/, ''), 'base64')
const now = () => new Date().toISOString()

const CAPABILITIES = {
  protocol: 1,
  idempotency: 'durable', // the ledger is a file, and nothing is ever removed from it
  lookup: { visibilityLag: 0, horizon: 30 * 86_400_000 },
  hangup: true,
  amd: false,
  cps: 100,
  check: true,
}
const OUR_NUMBERS = ['+12025550100', '+12025550101']

/** HMAC-SHA256 over `id.timestamp.content`, as Standard Webhooks have it. */
const sign = (id, timestamp, content) =>
  `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${content}`).digest('base64')}`

/** How old a request is, in milliseconds, if the signature holds. A request is signed with its method and path: `POST /calls\n{...}`. */
function ageOf({ method, url, headers }, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given = '' } = headers
  const expected = Buffer.from(sign(id, timestamp, `${method} ${url}\n${body}`))
  const holds = given.split(' ').some((one) => {
    const bytes = Buffer.from(one)
    return bytes.length === expected.length && timingSafeEqual(bytes, expected)
  })
  const age = Date.now() - Number(timestamp) * 1000
  return holds && Math.abs(age) <= 300_000 ? age : undefined
}

/** Nothing was placed: `placed: false` is the proof that makes a retry safe. */
const refusal = (status, code, message) => ({ status, body: { placed: false, code, message } })

function place(call, age) {
  const known = ledger.get(call.ref)
  if (known) return { status: 200, body: { callId: known.callId, state: known.state } }
  // Outdial waits half a minute for requests that are under way; one that comes later must not be placed any more.
  if (age > 30_000) return refusal(422, 'late', 'This request was half a minute under way.')
  if (!OUR_NUMBERS.includes(call.from))
    return refusal(422, 'caller_id_refused', `${call.from} is not one of our numbers.`)
  if (call.to.endsWith('0000')) return refusal(422, 'invalid_number', `${call.to} cannot be called.`)
  const callId = `call_${randomUUID()}`
  // On disk before anything is dialed: a call that is forgotten would be placed again.
  ledger.add({ ...call, callId, state: 'queued', at: now() })
  dial(call, (state, result) => tell(call.ref, state, result))
  return { status: 201, body: { callId, state: 'queued' } }
}

/** Writes down how far a call has got, and sends an event until somebody has taken it. */
async function tell(ref, state, result) {
  const call = ledger.add({ ...ledger.get(ref), ...result, state, at: now() })
  if (!call.webhookUrl) return
  const { callId, outcome, duration, raw, at } = call
  const event = { type: `call.${state}`, timestamp: at, data: { ref, callId, outcome, duration, raw } }
  const body = JSON.stringify(event)
  const id = `msg_${randomUUID()}`
  for (let pause = 200; pause < 3_600_000; pause *= 2) {
    const timestamp = String(Math.floor(Date.now() / 1000)) // of this attempt
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id, // of this event: the same each time
      'webhook-timestamp': timestamp,
      'webhook-signature': sign(id, timestamp, body),
    }
    const answer = await fetch(call.webhookUrl, { method: 'POST', headers, body }).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

function lookUp(ref) {
  const call = ledger.get(ref)
  // As of when: Outdial dials again when this is late enough. Never say it after an error of the database.
  if (!call) return { status: 404, body: { code: 'call_not_found', asOf: now() } }
  const { callId, state, at, outcome, duration, raw } = call
  return { status: 200, body: { ref, callId, state, at, outcome, duration, raw } }
}

function end(ref) {
  const call = ledger.get(ref)
  if (!call) return { status: 404, body: { code: 'call_not_found' } }
  if (call.state === 'ended') return { status: 410, body: { code: 'call_ended' } }
  hangUp(ref)
  return { status: 202 }
}

function check({ from }) {
  const foreign = from.filter((number) => !OUR_NUMBERS.includes(number))
  return foreign.map((number) => ({ field: 'from', message: `${number} is not one of our numbers.` }))
}

function answer(request, body) {
  const age = ageOf(request, body)
  if (age === undefined) return refusal(401, 'unauthenticated', 'The signature does not hold, or is of another time.')
  const [, area, ref, action] = request.url.split('/').map(decodeURIComponent)
  switch (`${request.method} ${area} ${ref ? 'ref' : ''} ${action ?? ''}`.trim()) {
    case 'GET capabilities':
      return { status: 200, body: { ...CAPABILITIES, now: now() } }
    case 'POST check':
      return { status: 200, body: { problems: check(JSON.parse(body)) } }
    case 'POST calls':
      return place(JSON.parse(body), age)
    case 'GET calls ref':
      return lookUp(ref)
    case 'POST calls ref hangup':
      return end(ref)
    default:
      return refusal(404, 'invalid_request', 'There is no such path.')
  }
}

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  try {
    const { status, body: said } = answer(request, body)
    // For the example: some answers get lost, though the call was placed.
    if (status === 201 && Math.random() < Number(LOSE_ANSWERS)) return request.socket.destroy()
    response.writeHead(status, { 'content-type': 'application/json' }).end(said && JSON.stringify(said))
  } catch (error) {
    // Whatever has gone wrong, the call may have been placed: an error that promises nothing.
    response.writeHead(500).end(String(error))
  }
})
server.listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))

// Calls that were live when the last process ended: what became of them nobody here knows, but they are over.
for (const { ref, state } of ledger.all()) if (state !== 'ended') tell(ref, 'ended', { outcome: 'network_error' })
