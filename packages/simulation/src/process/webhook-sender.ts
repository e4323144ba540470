import { Agent, request } from 'node:http'
import type { CarrierEvent, Clock } from '@outdial/core'
import { SIGNATURE_HEADER, sign, TIMESTAMP_HEADER } from './signature.js'

/** Waits before each repetition of a webhook that was not taken: about a minute in all, then it is lost. */
const PAUSES = [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000]

/** Posts signed events to engines. Everything but a 2xx is tried again; events overtake each other, as they do in life. */
export class WebhookSender {
  readonly #secret: string
  readonly #clock: Clock
  readonly #agent: Agent = new Agent({ keepAlive: true, maxSockets: 64 })
  #closed = false

  constructor(secret: string, clock: Clock) {
    this.#secret = secret
    this.#clock = clock
  }

  send(url: string, event: CarrierEvent): void {
    const body = JSON.stringify(event)
    const attempt = (tries: number): void => {
      if (this.#closed) return
      const pause = PAUSES[tries]
      this.#post(url, body, (taken) => {
        if (!taken && pause !== undefined) this.#clock.setTimeout(() => attempt(tries + 1), pause)
      })
    }
    attempt(0)
  }

  close(): void {
    this.#closed = true
    this.#agent.destroy()
  }

  #post(url: string, body: string, done: (taken: boolean) => void): void {
    const timestamp = String(this.#clock.now())
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      [TIMESTAMP_HEADER]: timestamp,
      [SIGNATURE_HEADER]: sign(this.#secret, timestamp, body),
    }
    let settled = false
    const settle = (taken: boolean): void => {
      if (!settled) done(taken)
      settled = true
    }
    const posted = request(url, { method: 'POST', agent: this.#agent, headers, timeout: 10_000 })
    posted
      .on('response', (response) => {
        response.resume().on('end', () => settle((response.statusCode ?? 500) < 300))
      })
      .on('timeout', () => posted.destroy())
      .on('error', () => settle(false))
      .on('close', () => settle(false))
      .end(body)
  }
}
