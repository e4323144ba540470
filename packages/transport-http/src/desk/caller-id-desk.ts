import type { CallerIdLimits, CallerIdUsage, ClosedCallerId, Duration, Engine } from '@outdial/core'
import { defined } from '../frame/defined.js'

/** The numbers that an organization calls from. Whose they are is checked by who hands it out. */
export class CallerIdDesk {
  readonly #engine: Pick<Engine, 'callerIds' | 'setLimits'>
  readonly #organization: string
  readonly #own: (number: string) => Promise<void>

  constructor(
    engine: Pick<Engine, 'callerIds' | 'setLimits'>,
    organization: string,
    own: (number: string) => Promise<void>,
  ) {
    this.#engine = engine
    this.#organization = organization
    this.#own = own
  }

  /** Those that are closed now. */
  closed(): Promise<ClosedCallerId[]> {
    return this.#engine.callerIds.list({ organization: this.#organization })
  }

  /** How one is used now. */
  async get(number: string): Promise<CallerIdUsage> {
    await this.#own(number)
    return this.#engine.callerIds.get(number, { organization: this.#organization })
  }

  /** Closes one for a time. */
  async close(number: string, length: Duration): Promise<CallerIdUsage> {
    await this.#own(number)
    await this.#engine.callerIds.close(number, { organization: this.#organization, for: length })
    return this.get(number)
  }

  /** Opens one, whatever has closed it. */
  async release(number: string): Promise<CallerIdUsage> {
    await this.#own(number)
    await this.#engine.callerIds.release(number, { organization: this.#organization })
    return this.get(number)
  }

  /** Limits one; `null` takes a limit away, what is left out stays. */
  async limit(number: string, limits: CallerIdLimits): Promise<CallerIdUsage> {
    await this.#own(number)
    await this.#engine.setLimits({ organization: this.#organization, callerId: number }, defined(limits))
    return this.get(number)
  }
}
