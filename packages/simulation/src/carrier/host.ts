import { type CarrierEvent, type CarrierHost, type Clock, OutdialError } from '@outdial/core'
import { draw, SLOT } from './draws.js'

/** The engines that are connected, and what waits for one. */
export class Hosts {
  readonly #own: Clock | undefined
  readonly #redeliver: boolean
  readonly #connected: CarrierHost[] = []
  #kept: { event: CarrierEvent; chance: number }[] = []
  #lastClock: Clock | undefined

  constructor(clock: Clock | undefined, redeliver: boolean) {
    this.#own = clock
    this.#redeliver = redeliver
  }

  /** The carrier's own clock, or that of the engine which connected last. */
  get clock(): Clock {
    const clock = this.#own ?? this.#lastClock
    if (clock) return clock
    throw new OutdialError(
      'invalid_options',
      'the simulated carrier has no clock: start an engine with it first, or give it one as `clock`',
      { field: 'clock' },
    )
  }

  connect(host: CarrierHost): () => void {
    this.#connected.push(host)
    this.#lastClock = host.clock
    const waiting = this.#kept
    this.#kept = []
    // Not from within `connect`: the engine is still starting.
    if (waiting.length > 0) {
      this.clock.setTimeout(() => {
        for (const { event, chance } of waiting) this.deliver(event, chance)
      }, 0)
    }
    return () => {
      const index = this.#connected.indexOf(host)
      if (index >= 0) this.#connected.splice(index, 1)
    }
  }

  /** Gives an event to one engine, as a load balancer gives a webhook to one worker. */
  deliver(event: CarrierEvent, chance: number): void {
    const hosts = this.#connected
    const host = hosts.length > 1 ? hosts[Math.floor(draw(chance, SLOT.host) * hosts.length)] : hosts[0]
    if (host) host.emit(event)
    else if (this.#redeliver) this.#kept.push({ event, chance })
  }
}
