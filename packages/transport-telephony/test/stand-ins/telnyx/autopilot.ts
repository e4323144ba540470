import type { Ending } from '@outdial/conformance/carriers'
import type { Clock, Random, WebhookRequest } from 'outdial'
import type { TelnyxService, TelnyxServiceOptions } from '../telnyx-service.js'
import type { Call } from './call-book.js'

/** How often what goes wrong, from 0 to 1. */
export interface Troubles {
  /** A webhook is never delivered, delivered twice, or late. */
  readonly lost: number
  readonly doubled: number
  readonly late: number
}

/** A webhook that is not taken is sent again, after so long and so often. */
const AGAIN = 2_000
const MOST = 8

export interface AutopilotParts {
  readonly clock: Clock
  readonly random: Random
  /** What comes of a call; `completed` and `voicemail` are answered. */
  readonly decide: (call: Call) => Ending
  /** Answers whether it was taken. */
  readonly deliver: (webhook: WebhookRequest) => Promise<boolean>
  troubles: Troubles
  /** For how long the list of events may miss a call. */
  readonly lag: number
}

/** Has calls take their course by themselves, obeys what they are told, and delivers the webhooks of it. */
export class Autopilot {
  readonly #parts: AutopilotParts
  #service: TelnyxService | undefined

  constructor(parts: AutopilotParts) {
    this.#parts = parts
  }

  /** What the service has to tell it. */
  readonly options: Pick<TelnyxServiceOptions, 'onPlaced' | 'onCommand'> = {
    onPlaced: (call) => void this.#live(call),
    onCommand: (call, action) => void this.#told(call, action),
  }

  /** Takes the service over. */
  drive(service: TelnyxService): void {
    this.#service = service
  }

  set troubles(troubles: Troubles) {
    this.#parts.troubles = troubles
  }

  get #life() {
    if (!this.#service) throw new Error('nothing to drive')
    return this.#service.life
  }

  async #live(call: Call): Promise<void> {
    call.hidden = true
    this.#parts.clock.setTimeout(() => {
      call.hidden = false
    }, this.#parts.random.next() * this.#parts.lag)
    const how = this.#parts.decide(call)
    await this.#pass(200, 2_000)
    if (call.state === 'placed') this.#send(this.#life.ring(call))
    await this.#pass(1_000, 8_000)
    if (isOver(call)) return
    if (how !== 'completed' && how !== 'voicemail') return this.#send(this.#life.end(call, how))
    this.#send(this.#life.answer(call, how === 'completed' ? 'person' : 'machine'))
    // Whoever is told nothing hangs up.
    await this.#pass(15_000, 18_000)
    if (!isOver(call)) this.#send(this.#life.end(call, how))
  }

  async #told(call: Call, action: string): Promise<void> {
    if (action === 'hangup')
      return this.#send(this.#life.end(call, call.answeredAt === undefined ? 'canceled' : 'completed'))
    if (action !== 'speak') return
    await this.#pass(2_000, 8_000)
    if (call.state === 'answered') this.#send(this.#life.spoken(call))
  }

  #send(webhooks: readonly WebhookRequest[]): void {
    const { troubles, random, clock } = this.#parts
    for (const webhook of webhooks) {
      if (random.next() < troubles.lost) continue
      const copies = random.next() < troubles.doubled ? 2 : 1
      for (let copy = 0; copy < copies; copy++)
        clock.setTimeout(() => this.#deliver(webhook), random.next() < troubles.late ? random.next() * 20_000 : 0)
    }
  }

  async #deliver(webhook: WebhookRequest, time = 1): Promise<void> {
    const taken = await this.#parts.deliver(webhook).catch(() => false)
    if (!taken && time < MOST) this.#parts.clock.setTimeout(() => this.#deliver(webhook, time + 1), AGAIN)
  }

  #pass(least: number, most: number): Promise<void> {
    const ms = least + this.#parts.random.next() * (most - least)
    return new Promise((resolve) => this.#parts.clock.setTimeout(resolve, ms))
  }
}

/** Asked anew after every wait. */
function isOver({ state }: Call): boolean {
  return state === 'ended'
}
