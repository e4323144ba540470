// A carrier over Pigeon Voice, a service that does not exist. Its calls have a tag, which is echoed everywhere: our ref.
import { createHmac } from 'node:crypto'
import { forged, type Reply, retryAfter, sameText, serviceTime, template, Wire } from '@outdial/transport-telephony'
import { type Carrier, type CarrierEvent, isOutcome, type Rejection } from 'outdial'

export interface PigeonOptions {
  url: string
  apiKey: string
  timeout?: number
}

/** A call as Pigeon writes it. */
export interface PigeonCall {
  id: string
  tag: string
  status: 'dialing' | 'ringing' | 'picked_up' | 'over'
  end?: string
  seconds?: number
}

/** Documented refusals: only these say that nothing was placed. */
const REFUSALS: Readonly<Record<string, Rejection>> = {
  bad_number: 'contact',
  slow_down: 'throttled',
  caller_id_not_yours: 'configuration',
  bad_key: 'account',
  no_credit: 'account',
}
const STATES = { dialing: 'queued', ringing: 'ringing', picked_up: 'answered', over: 'ended' } as const

export function pigeonCarrier({ url, apiKey, timeout = 10_000 }: PigeonOptions): Carrier {
  const wire = new Wire(url, { timeout })
  const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' }

  /** The call of a ref, or as of when there was none. The service's search shows a call within two seconds. */
  async function find(ref: string): Promise<{ call?: PigeonCall | undefined; asOf?: number | undefined }> {
    const reply = await wire.request({ method: 'GET', path: `/calls?tag=${encodeURIComponent(ref)}`, headers })
    const calls = jsonOf<{ calls: PigeonCall[] }>(reply, 200)?.calls
    if (reply.status !== 'answered' || !Array.isArray(calls)) return {} // an error proves nothing
    return { call: calls.find(({ tag }) => tag === ref), asOf: serviceTime(reply.headers) }
  }

  return {
    capabilities: {
      idempotency: 'none',
      lookup: { visibilityLag: 2000, horizon: 86_400_000 },
      hangup: true,
      amd: false,
    },

    async place(attempt) {
      const { ref: tag, to, from, agent = '', variables, ringTimeout, maxDuration } = attempt
      const say = template(agent, 'agent').render(variables, (text) => text)
      const body = JSON.stringify({ tag, to, from, say, ring: ringTimeout / 1000, longest: maxDuration / 1000 })
      const startable = () => attempt.startable()
      const reply = await wire.request({ method: 'POST', path: '/calls', headers, body, startable })
      if (reply.status !== 'answered') return reply // not sent, or unknown: the wire knows which
      const id = jsonOf<PigeonCall>(reply, 201)?.id
      if (typeof id === 'string') return { status: 'accepted', callId: id }
      const code = reply.code < 500 ? jsonOf<{ error: string }>(reply)?.error : undefined
      const reason = code !== undefined && Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined
      if (!reason || code === undefined) return { status: 'unknown', message: `the service answered ${reply.code}` }
      const wait = retryAfter(reply.headers)
      return { status: 'rejected', reason, code, ...(wait !== undefined && { retryAfter: wait }) }
    },

    async lookup({ ref }) {
      const { call, asOf } = await find(ref)
      if (call) return { status: 'found', event: eventOf(call) }
      return asOf === undefined ? { status: 'cannotTell' } : { status: 'notFound', asOf }
    },

    async hangup({ ref, callId }) {
      const id = callId ?? (await find(ref)).call?.id
      if (id === undefined) return 'refused' // it may not be shown yet
      const reply = await wire.request({ method: 'DELETE', path: `/calls/${id}`, headers })
      if (reply.status === 'answered' && reply.code === 204) return 'done'
      return reply.status === 'answered' && reply.code === 410 ? 'gone' : 'refused'
    },

    async parseWebhook({ headers: { 'x-pigeon-time': time = '', 'x-pigeon-signature': given = '' }, body }) {
      const expected = createHmac('sha256', apiKey).update(`${time}.${body}`).digest('hex')
      if (!sameText(expected, given)) throw forged('it was not signed with our key')
      if (!(Math.abs(Date.now() - Number(time)) <= 300_000)) throw forged('it was signed at another time')
      const call = JSON.parse(body) as PigeonCall
      return Object.hasOwn(STATES, call.status) ? [{ ref: call.tag, ...eventOf(call) }] : []
    },

    needs: (agent = '') => template(agent, 'agent').needs,

    async check(use) {
      const reply = await wire.request({ method: 'GET', path: '/account', headers })
      if (reply.status === 'answered' && reply.code === 401) {
        return [{ field: 'apiKey', message: 'Pigeon refuses the key. Make a new one in its console.' }]
      }
      const account = jsonOf<{ numbers: string[] }>(reply, 200)
      if (!account) throw new Error('Pigeon could not be asked about the account.')
      const foreign = (use?.from ?? []).filter((number) => !account.numbers.includes(number))
      return foreign.map((number) => ({ field: 'from', message: `${number} is not a number of this account.` }))
    },
  }
}

function eventOf({ id, status, end, seconds }: PigeonCall): Omit<CarrierEvent, 'ref'> {
  if (status !== 'over') return { type: STATES[status], callId: id }
  // Pigeon's words for ends are ours, but for one.
  const outcome = end === 'completed' ? 'answered' : isOutcome(end) ? end : 'failed'
  return { type: 'ended', callId: id, outcome, duration: (seconds ?? 0) * 1000, raw: { end: end ?? '' } }
}

function jsonOf<Body>(reply: Reply, code?: number): Body | undefined {
  if (reply.status !== 'answered' || (code !== undefined && reply.code !== code)) return undefined
  try {
    return JSON.parse(reply.body) as Body
  } catch {
    return undefined
  }
}
