import type { CarrierEvent, WebhookRequest } from '@outdial/core'
import { type Api, instantOf, objectOf, textOf } from './api.js'
import type { CallMemory } from './call-memory.js'
import { type ClientState, decodeState } from './client-state.js'
import { COMMAND_MEMORY } from './command-id.js'
import type { Commands } from './commands.js'
import { heardOn, progressOf, readHistory } from './history.js'
import type { CarrierSettings } from './options.js'
import { type HeardAs, heardAs, outcomeOf, TALKED } from './outcomes.js'
import { verifyWebhook } from './signature.js'

/** What handling a webhook needs. */
export interface Switchboard {
  readonly api: Api
  readonly commands: Commands
  readonly settings: CarrierSettings
  readonly memory: CallMemory
}

/** A webhook about a call of ours. */
interface Notice {
  readonly callId: string
  readonly at: number
  readonly state: ClientState
  readonly payload: Readonly<Record<string, unknown>>
}

/**
 * Turns a webhook into events, and does what the call asks for at this point. When that is not taken it throws, so that the service
 * sends the webhook again: nobody is left on a line that nobody talks on because of one lost command.
 */
export async function readWebhook(board: Switchboard, request: WebhookRequest): Promise<readonly CarrierEvent[]> {
  verifyWebhook(request, board.settings.publicKey, board.settings.now())
  const event = objectOf(objectOf(parsed(request.body))?.data)
  const payload = objectOf(event?.payload)
  const callId = textOf(payload?.call_control_id)
  const state = decodeState(payload?.client_state)
  if (!event || !payload || callId === undefined || !state) return []
  const at = instantOf(event.occurred_at) ?? board.settings.now()
  const handle = HANDLERS.get(String(event.event_type))
  return handle ? handle(board, { callId, at, state, payload }) : []
}

type Handler = (board: Switchboard, notice: Notice) => Promise<readonly CarrierEvent[]> | readonly CarrierEvent[]

const HANDLERS: ReadonlyMap<string, Handler> = new Map(
  Object.entries<Handler>({
    'call.initiated': (_, { state: { ref }, callId, at }) => [{ ref, type: 'queued', callId, at }],
    'call.answered': answered,
    'call.machine.detection.ended': detected,
    'call.machine.premium.detection.ended': detected,
    'call.machine.premium.greeting.ended': beeped,
    'call.speak.ended': spoken,
    'call.playback.ended': spoken,
    'call.hangup': ended,
    'call.cost': charged,
  }),
)

async function answered(board: Switchboard, notice: Notice): Promise<readonly CarrierEvent[]> {
  const { callId, at, state } = notice
  board.memory.learn(callId, { answeredAt: at })
  if (!waitsForDetection(board.settings)) await say(board, notice, { answeredAt: at })
  return [{ ref: state.ref, type: 'answered', callId, at }]
}

async function detected(board: Switchboard, notice: Notice): Promise<readonly CarrierEvent[]> {
  const { commands, settings, memory } = board
  const { callId, state, payload } = notice
  const { say: _, ...rest } = state
  const heard = heardAs(payload.result)
  memory.learn(callId, { heard })
  const { answeredAt } = { ...memory.get(callId), ...state }
  const since = answeredAt === undefined ? {} : { answeredAt }
  if (heard === 'person') {
    if (waitsForDetection(settings)) await say(board, notice, { ...since, heard })
    return []
  }
  const next = { ...rest, ...since, heard }
  const done =
    settings.onMachine === 'hangup' ? await commands.end(callId, next) : await commands.remember(callId, next)
  if (done === 'done') return []
  // It ended before it could be told what it had been, so its end speaks of a person: this is later, and knows better.
  return [
    { ref: state.ref, type: 'ended', callId, outcome: heard === 'fax' ? 'fax' : 'voicemail', raw: { result: heard } },
  ]
}

/** Of a beep that is heard before the detection has ended nothing else is told; after it, nothing new. */
async function beeped(board: Switchboard, notice: Notice): Promise<readonly CarrierEvent[]> {
  const known = notice.state.heard ?? board.memory.get(notice.callId).heard
  return notice.payload.result === 'beep_detected' && known === undefined ? detected(board, notice) : []
}

async function spoken({ commands }: Switchboard, { callId, state, payload }: Notice): Promise<readonly CarrierEvent[]> {
  if (state.ends && payload.status !== 'call_hangup') await commands.end(callId, state)
  return []
}

async function ended(board: Switchboard, notice: Notice): Promise<readonly CarrierEvent[]> {
  const { memory } = board
  const { callId, at, state, payload } = notice
  const cause = textOf(payload.hangup_cause)
  const sip = textOf(payload.sip_hangup_cause)
  const source = textOf(payload.hangup_source)
  const answeredAt = state.answeredAt ?? memory.get(callId).answeredAt
  const end = { cause, sip, answered: answeredAt !== undefined }
  const answered = outcomeOf(end) === 'answered'
  const outcome = outcomeOf({ ...end, heard: answered ? await heardBefore(board, notice) : undefined })
  memory.learn(callId, { outcome })
  const talked = TALKED.has(outcome) && answeredAt !== undefined
  const raw = {
    ...(cause !== undefined && { hangup_cause: cause }),
    ...(sip !== undefined && { sip_hangup_cause: sip }),
    ...(source !== undefined && { hangup_source: source }),
  }
  return [
    {
      ref: state.ref,
      type: 'ended',
      callId,
      at,
      outcome,
      ...(talked && { duration: Math.max(0, at - answeredAt) }),
      raw,
    },
  ]
}

/**
 * Who was heard on a call that has ended. The webhook that says so may be lost, or another process have had it; then the list of events
 * says it, or nobody: a call that ended before the detection did was a person's.
 */
async function heardBefore({ api, settings, memory }: Switchboard, notice: Notice): Promise<HeardAs | undefined> {
  const { callId, state, payload } = notice
  const heard = state.heard ?? memory.get(callId).heard
  const leg = textOf(payload.call_leg_id)
  if (heard !== undefined || settings.amd === false || leg === undefined) return heard
  const history = await readHistory(api, { 'filter[leg_id]': leg })
  if (history.status === 'read') return heardOn(history.entries, leg)
  throw new Error(`telnyx: nobody says who answered (${history.message}); the service will send its webhook again`)
}

/**
 * A cost comes after the end, but the service keeps no order: without an outcome it would end the call as if nothing were known
 * of it. So what the call came to is told again; whoever has not heard of it asks.
 */
async function charged({ api, memory }: Switchboard, notice: Notice): Promise<readonly CarrierEvent[]> {
  const { callId, state, payload } = notice
  const cost = Number.parseFloat(String(payload.total_cost))
  if (payload.status === 'error' || !Number.isFinite(cost)) return []
  const { outcome } = memory.get(callId)
  if (outcome !== undefined) return [{ ref: state.ref, type: 'ended', callId, outcome, cost }]
  const leg = textOf(payload.call_leg_id) ?? ''
  const history = await readHistory(api, { 'filter[leg_id]': leg })
  const event = history.status === 'read' ? progressOf(history.entries, leg) : undefined
  if (event?.type !== 'ended')
    throw new Error('telnyx: a cost of a call came before its end; the service will send it again')
  return [{ ...event, ref: state.ref, callId, cost }]
}

/** Says what is to be said, unless that is long past: what is repeated after the service has forgotten the command is said twice. */
async function say(
  { commands, settings }: Switchboard,
  { callId, at, state }: Notice,
  known: Pick<ClientState, 'answeredAt' | 'heard'>,
): Promise<void> {
  const { say: speech, ...rest } = state
  if (!speech || settings.now() - at > COMMAND_MEMORY - 10_000) return
  await commands.speak(callId, { ...rest, ...known }, speech)
}

function waitsForDetection({ amd, onMachine }: CarrierSettings): boolean {
  return amd !== false && onMachine === 'hangup'
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
