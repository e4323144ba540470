import { randomUUID } from 'node:crypto'
import type { WebhookRequest } from '@outdial/core'
import type { Ending } from '../../../../conformance/src/carriers/harness.js'
import { type Call, type CallBook, ids, iso } from './call-book.js'
import { type SigningKeys, signedWebhook } from './signing.js'

/** What the service says of each end: its own cause, and the SIP code. */
const CAUSES: Readonly<Record<Ending, readonly [cause: string, sip: string, source: string]>> = {
  completed: ['normal_clearing', '200', 'callee'],
  voicemail: ['normal_clearing', '200', 'callee'],
  busy: ['user_busy', '486', 'callee'],
  no_answer: ['timeout', '487', 'unknown'],
  invalid_number: ['not_found', '404', 'unknown'],
  rejected: ['call_rejected', '603', 'callee'],
  network_error: ['unspecified', '503', 'unknown'],
  canceled: ['originator_cancel', '487', 'caller'],
}

const INITIATED = { direction: 'outgoing', state: 'bridging' }

/** Has calls go on, and writes the webhooks of it. */
export class CallLife {
  readonly #book: CallBook
  readonly #keys: SigningKeys
  readonly #now: () => number
  readonly #talk: number | undefined

  /** `talk`: how long is talked on a call that was answered, as its end tells it. Absent: as long as it took. */
  constructor(book: CallBook, keys: SigningKeys, now: () => number, talk: number | undefined) {
    this.#book = book
    this.#keys = keys
    this.#now = now
    this.#talk = talk
  }

  /** The call is being made: the list of events has it at once, and its webhook is sent by {@link ring}. */
  begin(call: Call): void {
    this.webhook(call, 'call.initiated', INITIATED)
  }

  ring(call: Call): WebhookRequest[] {
    if (call.state === 'placed') call.state = 'ringing'
    return [this.#signed(call, this.#event(call, 'call.initiated', INITIATED, call.placedAt))]
  }

  answer(call: Call, by: 'person' | 'machine' | 'fax' = 'person'): WebhookRequest[] {
    call.state = 'answered'
    const at = this.#now()
    call.answeredAt = at
    return [this.webhook(call, 'call.answered', { state: 'answered' }, at), ...this.#detection(call, by)]
  }

  #detection(call: Call, by: 'person' | 'machine' | 'fax'): WebhookRequest[] {
    const amd = call.dial.answering_machine_detection
    if (amd === undefined || amd === 'disabled') return []
    if (amd === 'premium') {
      const result = { person: 'human_residence', machine: 'machine', fax: 'fax_detected' }[by]
      return [this.webhook(call, 'call.machine.premium.detection.ended', { result })]
    }
    return [this.webhook(call, 'call.machine.detection.ended', { result: by === 'person' ? 'human' : 'machine' })]
  }

  /** What was being said has been said. */
  spoken(call: Call): WebhookRequest[] {
    return [this.webhook(call, 'call.speak.ended', { status: 'completed' })]
  }

  /** Ends a call; one that was ended by a command has only its webhooks left. */
  end(call: Call, how: Ending, cost?: string): WebhookRequest[] {
    const ended = call.state === 'ended'
    const [cause, sip, source] = CAUSES[how]
    const at = call.answeredAt === undefined || this.#talk === undefined ? this.#now() : call.answeredAt + this.#talk
    call.state = 'ended'
    call.endedAt ??= at
    call.ending ??= how
    const hangup = this.webhook(
      call,
      'call.hangup',
      {
        state: 'hangup',
        start_time: iso(call.placedAt),
        hangup_cause: cause,
        hangup_source: ended ? 'caller' : source,
        sip_hangup_cause: sip,
        call_quality_stats: null,
      },
      at,
    )
    if (cost === undefined) return [hangup]
    const billed = call.answeredAt === undefined ? 0 : Math.ceil((at - call.answeredAt) / 1000)
    const parts = [{ billed_duration_secs: billed, call_part: 'sip-trunking', cost, currency: 'USD', rate: cost }]
    return [
      hangup,
      this.webhook(call, 'call.cost', {
        status: 'success',
        total_cost: cost,
        billed_duration_secs: billed,
        cost_parts: parts,
      }),
    ]
  }

  /** An event of a call, written down and signed. */
  webhook(call: Call, type: string, more: object, at: number = this.#now()): WebhookRequest {
    const event = this.#event(call, type, more, at)
    this.#book.record(call, 'webhook', type, { event }, at)
    return this.#signed(call, event)
  }

  #event(call: Call, type: string, more: object, at: number): object {
    const { to, from, connection_id } = call.dial
    const payload = { ...ids(call), connection_id, client_state: call.clientState, from, to, ...more }
    return { record_type: 'event', event_type: type, id: randomUUID(), occurred_at: iso(at), payload }
  }

  #signed({ dial }: Call, event: object): WebhookRequest {
    const url = String(dial.webhook_url)
    return this.sign(url, { data: event, meta: { attempt: 1, delivered_to: url } })
  }

  sign(url: string, body: object): WebhookRequest {
    return signedWebhook(url, JSON.stringify(body), this.#keys.privateKey, this.#now())
  }
}
