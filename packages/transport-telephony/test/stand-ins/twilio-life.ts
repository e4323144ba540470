import type { Ending, Weather } from '@outdial/conformance/carriers'
import type { Clock, Random, WebhookRequest } from 'outdial'
import type { TwilioCall } from './twilio-call.js'
import type { TwilioService } from './twilio-service.js'

/** How often what goes wrong, from 0 to 1. */
export interface Troubles {
  /** A request to place a call meets one of the weathers. */
  readonly weather: number
  /** A callback is never delivered, delivered twice, or late. */
  readonly lost: number
  readonly doubled: number
  readonly late: number
}

const WEATHERS: readonly Weather[] = [
  'throttled',
  { fault: 'error', placed: false },
  { fault: 'error', placed: true },
  { fault: 'silence', placed: false },
  { fault: 'silence', placed: true },
  { fault: 'reset', placed: false },
  { fault: 'reset', placed: true },
  { fault: 'refused' },
  { fault: 'nonsense', placed: true },
]

/** Has calls take their course by themselves, and delivers what Twilio tells of them. */
export class TwilioLife {
  readonly #service: TwilioService
  readonly #clock: Clock
  readonly #random: Random
  readonly #decide: (call: TwilioCall) => Ending
  readonly #deliver: (webhook: WebhookRequest) => Promise<unknown>
  troubles: Troubles

  constructor(
    service: TwilioService,
    parts: {
      clock: Clock
      random: Random
      decide: (call: TwilioCall) => Ending
      deliver: (webhook: WebhookRequest) => Promise<unknown>
      troubles: Troubles
    },
  ) {
    this.#service = service
    this.#clock = parts.clock
    this.#random = parts.random
    this.#decide = parts.decide
    this.#deliver = parts.deliver
    this.troubles = parts.troubles
    service.placed = (call) => void this.#live(call)
    service.before = () => this.#weather()
  }

  #weather(): void {
    if (!this.#happens(this.troubles.weather)) return
    const weather = WEATHERS[Math.floor(this.#random.next() * WEATHERS.length)]
    if (weather !== undefined) this.#service.next(weather)
  }

  async #live(call: TwilioCall): Promise<void> {
    const how = this.#decide(call)
    await this.#pass(200, 2_000)
    if (call.live) this.#tell(await this.#service.ring(call.sid))
    await this.#pass(1_000, 8_000)
    if (call.live && how === 'completed') {
      this.#tell(await this.#service.answer(call.sid))
      await this.#pass(2_000, 15_000)
    }
    if (call.live) this.#tell((await this.#service.end(call.sid, how)) ?? [])
  }

  #tell(webhooks: readonly WebhookRequest[]): void {
    for (const webhook of webhooks) {
      if (this.#happens(this.troubles.lost)) continue
      const copies = this.#happens(this.troubles.doubled) ? 2 : 1
      for (let copy = 0; copy < copies; copy++) {
        const lateness = this.#happens(this.troubles.late) ? this.#random.next() * 20_000 : 0
        this.#clock.setTimeout(() => void this.#deliver(webhook).catch(() => {}), lateness)
      }
    }
  }

  #happens(chance: number): boolean {
    return this.#random.next() < chance
  }

  #pass(least: number, most: number): Promise<void> {
    const ms = least + this.#random.next() * (most - least)
    return new Promise((resolve) => this.#clock.setTimeout(resolve, ms))
  }
}
