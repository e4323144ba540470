import type { Attempt, Placed } from '@outdial/core'
import { type Conversation, LONGEST_SPEECH, type ReadyAgent } from './agents.js'
import { type Api, dataOf, textOf } from './api.js'
import { encodeState } from './client-state.js'
import { commandId } from './command-id.js'
import { described, refusalOf, waitOf } from './errors.js'
import type { CarrierSettings } from './options.js'

/** Limits of the service, in seconds. */
const RING = { least: 5, most: 600 }
const LONGEST = 14_400

/** Asks for a call. Only documented refusals, and what was not sent at all, say that there is none. */
export async function place(
  api: Api,
  settings: CarrierSettings,
  agent: ReadyAgent | undefined,
  attempt: Attempt,
): Promise<Placed> {
  const conversation = agent?.prepare(attempt.variables) ?? { dial: {} }
  const length = conversation.say?.payload.length ?? 0
  if (length > LONGEST_SPEECH) {
    const message = `what is to be said has ${length} characters; the service reads out ${LONGEST_SPEECH}`
    return { status: 'rejected', reason: 'configuration', code: 'speech_too_long', message }
  }
  const body = dialBody(settings, attempt, conversation)
  const reply = await api.request({ method: 'POST', path: '/v2/calls', body, startable: () => attempt.startable() })
  if (reply.status !== 'answered') return reply
  const callId = textOf(dataOf(reply)?.call_control_id)
  if (callId !== undefined) return { status: 'accepted', callId, state: 'queued' }
  const refusal = refusalOf(reply)
  if (!refusal) return { status: 'unknown', message: `the service gave ${described(reply)}` }
  return { status: 'rejected', ...refusal, ...(refusal.reason === 'throttled' && waitOf(reply)) }
}

type Amd = Exclude<CarrierSettings['amd'], false>

/** The request to dial, in the service's own words; a test holds it against the types of the service's own package. */
export interface DialRequest {
  connection_id: string
  to: string
  from: string
  command_id: string
  client_state: string
  timeout_secs: number
  time_limit_secs: number
  webhook_url: string
  webhook_url_method: 'POST'
  answering_machine_detection?: Amd
  from_display_name?: string
  billing_group_id?: string
  record?: 'record-from-answer'
  record_channels?: 'single' | 'dual'
  assistant?: NonNullable<Conversation['dial']['assistant']>
  audio_url?: string
}

/** What is asked for with an attempt. */
function dialBody(settings: CarrierSettings, attempt: Attempt, { dial, say, ends }: Conversation): DialRequest {
  const { connectionId, webhookUrl, amd, fromDisplayName, billingGroupId, record } = settings
  const { ref, to, from, ringTimeout, maxDuration } = attempt
  return {
    connection_id: connectionId,
    to,
    from,
    command_id: commandId(ref, 'dial'),
    client_state: encodeState({ ref, ...(say && { say }), ...(ends && { ends }) }),
    timeout_secs: Math.min(RING.most, Math.max(RING.least, Math.floor(ringTimeout / 1000))),
    time_limit_secs: Math.min(LONGEST, Math.max(1, Math.floor(maxDuration / 1000))),
    webhook_url: webhookUrl.href,
    webhook_url_method: 'POST',
    ...(amd !== false && { answering_machine_detection: amd }),
    ...(fromDisplayName !== undefined && { from_display_name: fromDisplayName }),
    ...(billingGroupId !== undefined && { billing_group_id: billingGroupId }),
    ...(record && { record: 'record-from-answer', record_channels: record }),
    ...dial,
  }
}
