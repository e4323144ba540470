import type { Engine } from 'outdial'

/** An engine that is abandoned whenever something has been counted so often, with a new one in its place each time. */
export class DyingEngines {
  readonly #make: () => Engine
  readonly #deaths: readonly number[]
  #engine: Engine
  #died = 0
  #changing: Promise<void> = Promise.resolve()
  #end: (last: Promise<void>) => void = () => {}
  /** Resolves when all but the last have died and that one has started. */
  readonly over: Promise<void> = new Promise((resolve) => {
    this.#end = resolve
  })

  constructor(make: () => Engine, deaths: readonly number[]) {
    this.#make = make
    this.#deaths = deaths
    this.#engine = make()
  }

  /** The one that works now. */
  get engine(): Engine {
    return this.#engine
  }

  counted(count: number): void {
    if (count !== this.#deaths[this.#died]) return
    this.#died++
    const [dead, next] = [this.#engine, this.#make()]
    this.#engine = next
    this.#changing = this.#changing.then(() => dead.abandon()).then(() => next.start())
    if (this.#died === this.#deaths.length) this.#end(this.#changing)
  }
}
