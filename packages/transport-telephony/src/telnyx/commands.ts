import type { Api, ApiReply } from './api.js'
import { isGood } from './api.js'
import { type ClientState, encodeState, type Speech } from './client-state.js'
import { commandId } from './command-id.js'
import { described, errorsOf } from './errors.js'

/** The call is over, so that no command to it means anything. */
const ENDED = '90018'

/**
 * What is done to a live call. Each may be repeated: the service obeys a command once, and a state that is set twice is the same.
 * `gone`: the call is over.
 */
export class Commands {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  /** Says a text. Throws when nobody knows whether it is said, or why it is not. */
  speak(callId: string, state: ClientState, speech: Speech): Promise<'done' | 'gone'> {
    return this.#must(callId, 'POST', 'speak', {
      ...speech,
      command_id: commandId(state.ref, 'speak'),
      client_state: encodeState(state),
    })
  }

  /** Has the webhooks from now on carry this state. Throws likewise. */
  remember(callId: string, state: ClientState): Promise<'done' | 'gone'> {
    return this.#must(callId, 'PUT', 'client_state_update', { client_state: encodeState(state) })
  }

  /** Ends a call, and has its end carry this state. Throws likewise. */
  async end(callId: string, state: ClientState): Promise<'done' | 'gone'> {
    return this.#must(callId, 'POST', 'hangup', {
      command_id: commandId(state.ref, 'end'),
      client_state: encodeState(state),
    })
  }

  /** Ends a call. `refused`: it may be live. */
  async hangup(callId: string, ref: string): Promise<'done' | 'gone' | 'refused'> {
    const reply = await this.#give(callId, 'POST', 'hangup', { command_id: commandId(ref, 'hangup') })
    if (isGood(reply)) return 'done'
    return isGone(reply) ? 'gone' : 'refused'
  }

  async #must(callId: string, method: 'POST' | 'PUT', action: string, body: object): Promise<'done' | 'gone'> {
    const reply = await this.#give(callId, method, action, body)
    if (isGood(reply)) return 'done'
    if (isGone(reply)) return 'gone'
    throw new Error(`telnyx: ${action} was not taken (${described(reply)}); the service will send its webhook again`)
  }

  #give(callId: string, method: 'POST' | 'PUT', action: string, body: object): Promise<ApiReply> {
    return this.#api.request({ method, path: `/v2/calls/${encodeURIComponent(callId)}/actions/${action}`, body })
  }
}

function isGone(reply: ApiReply): boolean {
  return reply.status === 'answered' && errorsOf(reply).some(({ code }) => code === ENDED)
}
