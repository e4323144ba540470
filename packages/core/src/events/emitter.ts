import { EventEmitter } from 'eventemitter3'
import type { EngineEvents } from './event-map.js'

/** Takes a listener off again. Twice: nothing. */
export type Unsubscribe = () => void
export type Listener<Payload> = (payload: Payload) => unknown

/**
 * Typed events of one process. A listener that throws, or whose promise is rejected, is reported as `listener.failed` and
 * reaches nobody else: neither the other listeners nor the engine.
 */
export class Emitter {
  readonly #emitter: EventEmitter = new EventEmitter()

  on<Name extends keyof EngineEvents>(name: Name, listener: Listener<EngineEvents[Name]>): Unsubscribe {
    this.#emitter.on(name, listener)
    return () => void this.#emitter.off(name, listener)
  }

  /** Whether anybody listens: what would be told need not be made otherwise. */
  has(name: keyof EngineEvents): boolean {
    return this.#emitter.listenerCount(name) > 0
  }

  emit<Name extends keyof EngineEvents>(name: Name, payload: EngineEvents[Name]): void {
    if (this.#emitter.listenerCount(name) === 0) return
    for (const listener of this.#emitter.listeners(name)) {
      try {
        const answer: unknown = (listener as Listener<EngineEvents[Name]>)(payload)
        if (answer instanceof Promise) answer.catch((error) => this.#failed(name, error))
      } catch (error) {
        this.#failed(name, error)
      }
    }
  }

  #failed(event: string, error: unknown): void {
    if (event !== 'listener.failed') this.emit('listener.failed', { event, error })
  }
}
