import type { Carrier, CarrierEvent } from '../ports/carrier.js'
import type { Host } from './host.js'

/** The carriers that tell of their calls by themselves, as long as this process listens. */
export class Connections {
  readonly #host: Host
  readonly #carriers: ReadonlyMap<string, Carrier>
  readonly #open: { route: string; off: () => void }[] = []

  constructor(host: Host, carriers: ReadonlyMap<string, Carrier>) {
    this.#host = host
    this.#carriers = carriers
  }

  /** All carriers or none: throws what one throws, and may be called again then. */
  connect(hear: (route: string, event: CarrierEvent) => void): void {
    try {
      for (const [route, carrier] of this.#carriers) {
        const off = carrier.connect?.({ clock: this.#host.clock, emit: (event) => hear(route, event) })
        if (off) this.#open.push({ route, off })
      }
    } catch (error) {
      this.disconnect()
      throw error
    }
  }

  disconnect(): void {
    for (const { route, off } of this.#open.splice(0)) {
      try {
        off()
      } catch (error) {
        this.#host.events.emit('carrier.failed', { route, reason: 'disconnect', message: String(error) })
      }
    }
  }
}
