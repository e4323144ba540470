import type { Host } from '../engine/host.js'
import { Rounds } from '../engine/rounds.js'
import { isJobOver, JOB_STATES } from '../lifecycle/job.js'
import { isUnsettled, type Reservations } from './reservations.js'

/** How often ended jobs are looked through for what a process that died has left unbooked. */
const EVERY = 3_600_000
const AGAIN = 60_000
const PAGE = 200
const ENDED = JOB_STATES.filter(isJobOver)

/** Books what jobs have spent when they end: at once those whose end this process hears of, and the others in its rounds. */
export class Settler {
  readonly #host: Host
  readonly #reservations: Reservations
  readonly #rounds: Rounds
  readonly #settling: Set<string> = new Set()
  #off: () => void = () => {}

  constructor(host: Host, reservations: Reservations) {
    this.#host = host
    this.#reservations = reservations
    this.#rounds = new Rounds(host, EVERY, (signal) => this.#round(signal))
  }

  start(): void {
    this.#off = this.#host.events.on('job.ended', ({ jobId }) => void this.#settle(jobId))
    this.#rounds.start()
  }

  stop(): Promise<void> {
    this.#off()
    return this.#rounds.stop()
  }

  async #round(signal: AbortSignal): Promise<void> {
    let cursor: string | undefined
    do {
      const page = await this.#host.storage.listJobs({
        states: ENDED,
        max: PAGE,
        ...(cursor !== undefined && { cursor }),
      })
      for (const job of page.items) if (!signal.aborted && isUnsettled(job)) await this.#settle(job.id)
      cursor = page.cursor
    } while (cursor !== undefined && !signal.aborted)
  }

  /** Never throws: what cannot be booked now is tried again for as long as this process runs, and found by the rounds of others. */
  async #settle(jobId: string): Promise<void> {
    if (this.#settling.has(jobId)) return
    this.#settling.add(jobId)
    try {
      await this.#reservations.settle(jobId)
    } catch (error) {
      this.#host.events.emit('account.failed', { jobId, error, retryIn: AGAIN })
      if (!this.#host.ended.aborted) this.#host.later(() => void this.#settle(jobId), AGAIN)
    } finally {
      this.#settling.delete(jobId)
    }
  }
}
