import { askWhereLimited } from '../caller-ids/gated-jobs.js'
import type { Host } from '../engine/host.js'
import { Rounds } from '../engine/rounds.js'
import { isOutdialError } from '../errors/outdial-error.js'
import { isJobOver, JOB_STATES } from '../lifecycle/job.js'
import type { JobRecord } from '../ports/storage-jobs.js'
import { laneAt, REFRESH_BELOW } from './lanes.js'
import type { JobSpec } from './spec.js'

const EVERY = 3_600_000
const PAGE = 200
const OPEN = JOB_STATES.filter((state) => !isJobOver(state) && state !== 'canceling')

/**
 * Gives jobs with calling windows the opening times of the days to come, before those that the store has run out; and has those ask for their
 * number that a process which died has left without.
 */
export class LaneKeeper {
  readonly #host: Host
  readonly #rounds: Rounds

  constructor(host: Host) {
    this.#host = host
    this.#rounds = new Rounds(host, EVERY, (signal) => this.#round(signal))
  }

  start(): void {
    this.#rounds.start()
  }

  stop(): Promise<void> {
    return this.#rounds.stop()
  }

  async #round(signal: AbortSignal): Promise<void> {
    let cursor: string | undefined
    do {
      const page = await this.#host.storage.listJobs({
        states: OPEN,
        max: PAGE,
        ...(cursor !== undefined && { cursor }),
      })
      for (const job of page.items) await this.#refresh(job)
      await askWhereLimited(this.#host, page.items)
      cursor = page.cursor
    } while (cursor !== undefined && !signal.aborted)
  }

  async #refresh(job: JobRecord): Promise<void> {
    const now = this.#host.now()
    const short = job.lanes.filter(({ open }) => open !== null && (open.at(-1) ?? 0) < now + REFRESH_BELOW)
    const spec = JSON.parse(job.spec) as JobSpec
    if (short.length === 0 || spec.kind !== 'calls') return
    const lanes = short.map(({ lane, name }) => laneAt(lane, name, spec, now))
    try {
      await this.#host.storage.control(job.id, { lanes }, job.revision)
    } catch (error) {
      // Somebody has changed the job meanwhile, and the next round sees it as it is then; or deleted it.
      if (!isOutdialError(error, 'revision_conflict') && !isOutdialError(error, 'job_not_found')) throw error
    }
  }
}
