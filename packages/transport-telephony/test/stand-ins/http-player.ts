import { type Clock, type Random, seededRandom } from 'outdial'
import type { Call } from './http-calls.js'
import type { HttpService, HttpWeather } from './http-service.js'

/** What requests to place calls meet in a campaign, by how often in a hundred. */
const WEATHER: readonly (readonly [number, HttpWeather])[] = [
  [8, 'throttled'],
  [6, 'unavailable'],
  [7, { fault: 'error', placed: true }],
  [3, { fault: 'error', placed: false }],
  [6, { fault: 'reset', placed: true }],
  [3, { fault: 'reset', placed: false }],
  [5, { fault: 'nonsense', placed: true }],
  [3, { fault: 'silence', placed: true }],
  [2, { fault: 'silence', placed: false }],
]

/** Has a service play every call to its end and tell of it, and has everything go wrong that can. */
export class Player {
  readonly #service: HttpService
  readonly #clock: Clock
  readonly #random: Random
  #placed = 0
  #closed = false
  /** Events that were sent more than once, or after one that came later. */
  oddities = 0

  constructor(service: HttpService, clock: Clock, seed: string) {
    this.#service = service
    this.#clock = clock
    this.#random = seededRandom(seed)
    service.weather = () => this.#weather()
    service.onPlaced = (call) => this.#play(call)
  }

  close(): void {
    this.#closed = true
  }

  #weather(): HttpWeather {
    let point = this.#random.next() * 100
    for (const [share, weather] of WEATHER) {
      point -= share
      if (point < 0) return weather
    }
    return 'fair'
  }

  #between(least: number, most: number): number {
    return least + this.#random.next() * (most - least)
  }

  #play(call: Call): void {
    const { ledger } = this.#service
    const after = (ms: number, run: () => void) => void this.#clock.setTimeout(run, ms)
    // All connections break: whatever is under way on them is lost, read or not. So is the next that is tried.
    if (++this.#placed % 70 === 0) {
      this.#service.next({ fault: 'refused' })
      this.#service.cut()
    }
    after(this.#between(0, 2_000), () => {
      this.#tell(call, ledger.move(call, 'ringing'))
      after(this.#between(500, 3_000), () => {
        this.#tell(call, ledger.move(call, 'answered'))
        after(this.#between(1_000, 6_000), () => this.#tell(call, ledger.end(call, 'completed')))
      })
    })
  }

  #tell(call: Call, event: object | undefined): void {
    const url = call.asked.webhookUrl
    if (!event || !url) return
    const odd = this.#random.next()
    if (odd < 0.1) {
      this.oddities++
      this.#clock.setTimeout(() => void this.#deliver(url, event), this.#between(1_000, 10_000))
    }
    if (odd < 0.05 || odd >= 0.1) void this.#deliver(url, event)
  }

  /** Again and again, until somebody has taken it. */
  async #deliver(url: string, event: object): Promise<void> {
    while (!this.#closed) {
      const { headers, body, method } = this.#service.signed(event, url)
      const taken = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(2_000) }).then(
        (response) => response.ok,
        () => false,
      )
      if (taken) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
