import { type Attempt, OutdialError, type Placed } from '@outdial/core'
import { withQuery, withRef } from '../webhooks/ref-in-url.js'
import { type Agents, renderAgent } from './agents.js'
import type { AmdParameters } from './amd.js'
import type { Parameters, TwilioApi } from './api.js'
import type { Applications } from './applications.js'
import { rejectionOf } from './errors.js'
import { eventType } from './outcomes.js'

/** Twilio takes TwiML of so many characters. Source: twilio.com/docs/voice/api/call-resource, parameter `Twiml`. */
const LONGEST_TWIML = 4000
/** It rings for ten minutes at most. Source: the same page, parameter `Timeout`. */
const LONGEST_RING = 600

/** What calls are placed with. */
export interface Placing {
  readonly api: TwilioApi
  readonly agents: Agents
  readonly applications: Applications
  readonly webhookUrl: string
  readonly amd: AmdParameters
  readonly record: boolean
  readonly byoc: string | undefined
}

/** What a call is asked for with, by the names of Twilio's own SDK. */
export interface CallParameters extends AmdParameters {
  to: string
  from: string
  twiml?: string
  url?: string
  method?: string
  fallbackUrl?: string
  fallbackMethod?: string
  statusCallback: string
  statusCallbackMethod: string
  statusCallbackEvent: string[]
  timeout: number
  timeLimit: number
  asyncAmdStatusCallback?: string
  asyncAmdStatusCallbackMethod?: string
  record?: boolean
  byoc?: string
}

/** Asks for a call, once. */
export async function place(placing: Placing, attempt: Attempt): Promise<Placed> {
  const script = await scriptOf(placing, attempt)
  if ('status' in script) return script
  const parameters = pascal({ ...callParameters(placing, attempt), ...script })
  const answer = await placing.api.post('Calls.json', parameters, attempt.startable)
  if (answer.status === 'notSent' || answer.status === 'unknown') return answer
  if (answer.status === 'refused') {
    const { error, retryAfter } = answer
    const reason = rejectionOf(error)
    if (!reason) return { status: 'unknown', message: error.message }
    const code = String(error.code === 0 ? error.status : error.code)
    return {
      status: 'rejected',
      reason,
      code,
      message: error.message,
      ...(retryAfter !== undefined && { retryAfter }),
    }
  }
  const { sid, status } = answer.body
  if (!isCallSid(sid)) return { status: 'unknown', message: 'Twilio took the call and did not say which it is' }
  const state = eventType(String(status))
  return { status: 'accepted', callId: sid, ...(state !== undefined && state !== 'ended' && { state }) }
}

/** What every call is asked for with; who talks is added. */
function callParameters(
  { webhookUrl, amd, record, byoc }: Omit<Placing, 'api' | 'agents' | 'applications'>,
  { ref, to, from, ringTimeout, maxDuration }: Pick<Attempt, 'ref' | 'to' | 'from' | 'ringTimeout' | 'maxDuration'>,
): CallParameters {
  const callback = withRef(webhookUrl, ref)
  return {
    to,
    from,
    statusCallback: callback,
    statusCallbackMethod: 'POST',
    statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
    timeout: Math.min(seconds(ringTimeout), LONGEST_RING),
    timeLimit: seconds(maxDuration),
    ...amd,
    ...(amd.asyncAmd && { asyncAmdStatusCallback: callback, asyncAmdStatusCallbackMethod: 'POST' }),
    ...(record && { record }),
    ...(byoc !== undefined && { byoc }),
  }
}

type Script = Pick<CallParameters, 'twiml' | 'url' | 'method' | 'fallbackUrl' | 'fallbackMethod'>
type NotPlaced = Extract<Placed, { status: 'rejected' | 'notSent' }>

/** Who talks, with what the contact is called and the like in it; or why nothing can be placed. */
async function scriptOf(placing: Placing, { agent: named, variables, ref }: Attempt): Promise<Script | NotPlaced> {
  const wrong = (code: string, message: string): NotPlaced => ({
    status: 'rejected',
    reason: 'configuration',
    code,
    message,
  })
  try {
    const agent = placing.agents.find(named)
    const text = renderAgent(agent, variables)
    if (agent.kind === 'twiml') {
      if (text.length <= LONGEST_TWIML) return { twiml: text }
      const long = `The TwiML has ${text.length} characters with this contact's values in it; Twilio takes ${LONGEST_TWIML}.`
      return wrong('twiml_too_long', `${long} Shorten it, or give an address that answers with it.`)
    }
    if (agent.kind === 'url') return { url: withRef(text, ref) }
    const found = await placing.applications.find(agent.sid)
    switch (found.status) {
      case 'found': {
        const { url, method, fallbackUrl, fallbackMethod } = found.application
        return {
          url: withRef(text === '' ? url : withQuery(url, text), ref),
          ...(method !== undefined && { method }),
          ...(fallbackUrl !== undefined && { fallbackUrl }),
          ...(fallbackMethod !== undefined && { fallbackMethod }),
        }
      }
      case 'none':
        return wrong('application_silent', `The application ${agent.sid} has no voice address.`)
      case 'refused':
        if (found.error.status === 404) {
          return wrong('application_unknown', `The account has no application ${agent.sid}.`)
        }
        return notPlaced(found)
      default:
        // Nothing but a question was asked: no call can have been placed.
        return { status: 'notSent', message: found.message }
    }
  } catch (error) {
    if (error instanceof OutdialError) return wrong('agent_unknown', error.message)
    throw error
  }
}

/** A question that was refused: no call was asked for, whatever the reason. */
function notPlaced({
  error,
  retryAfter,
}: Extract<Awaited<ReturnType<TwilioApi['get']>>, { status: 'refused' }>): NotPlaced {
  const code = String(error.code === 0 ? error.status : error.code)
  return {
    status: 'rejected',
    reason: rejectionOf(error) ?? 'unavailable',
    code,
    message: error.message,
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

/** `statusCallback` is `StatusCallback` in a form. */
function pascal(parameters: object): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]),
  ) as Parameters
}

/** Whether something is the identifier of a call. */
function isCallSid(value: unknown): value is string {
  return typeof value === 'string' && /^CA[0-9a-fA-F]{32}$/.test(value)
}

function seconds(ms: number): number {
  return Math.max(1, Math.floor(ms / 1000))
}
