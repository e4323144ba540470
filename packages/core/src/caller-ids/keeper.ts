import type { Host } from '../engine/host.js'
import { changeIfThere, changeJob } from '../jobs/change-job.js'
import { pausingItself, resuming } from '../jobs/pauses.js'
import type { CallSpec, JobContext, JobSpec } from '../jobs/spec.js'
import { MINUTE } from '../policy/duration.js'
import type { Closures, Opening } from './closures.js'
import { refusedNumber } from './keys.js'
import type { RoomHints } from './room.js'

/** Why a job is paused that has no number to call from. */
const CALLER_ID_PAUSES = {
  quarantined: 'caller_id_quarantined',
  failing: 'caller_id_failing',
  closed: 'caller_id_closed',
  day: 'caller_id_daily_cap',
} as const

/** A job is not looked at again before that. */
const AGAIN = 1000
/** A daily cap that is used up has room for one more call now and then: a pause is worth at least so long. */
const DAY_PAUSE = 5 * MINUTE
/** A contact that waits for one number alone is looked at again after so long, should that be opened by hand. */
const LONGEST_WAIT = 15 * MINUTE
/** One whose job has other numbers, or is paused in a moment. */
const SHORT_WAIT = 1000
const PAGE = 200

interface KeeperParts {
  host: Host
  closures: Closures
  hints: RoomHints
}

/** Pauses jobs of which no number is open, until the first of them is. */
export class CallerIdKeeper {
  readonly #parts: KeeperParts
  readonly #looks: Map<string, number> = new Map()

  constructor(parts: KeeperParts) {
    this.#parts = parts
  }

  /** A fence has passed these numbers over: it took one that was offered after them. */
  passedOver({ organization }: JobContext, numbers: readonly string[], now: number): void {
    for (const number of numbers) this.#parts.hints.refused(organization, number, now, false)
  }

  /** A fence was refused: what it says of numbers is remembered, and a job of which all may be closed is looked at. */
  heard(job: JobContext<CallSpec>, offered: readonly string[], reasons: readonly string[], now: number): void {
    const closed = new Set<string>()
    for (const reason of reasons) {
      const said = refusedNumber(reason, job.organization)
      if (!said) continue
      if (said.long) closed.add(said.number)
      this.#parts.hints.refused(job.organization, said.number, now, said.long)
    }
    if (closed.size > 0 && isOfferOf(job, offered) && offered.every((number) => closed.has(number))) {
      void this.#look(job, now)
    }
  }

  /** When a contact whose fence was refused for its numbers alone may be dialed again; `undefined`: for other reasons as well. */
  waitUntil(
    job: JobContext<CallSpec>,
    offered: readonly string[],
    reasons: readonly string[],
    retryAt: number,
    now: number,
  ): number | undefined {
    const said = reasons.map((reason) => refusedNumber(reason, job.organization))
    if (!said.every((one) => one !== undefined)) return undefined
    if (!isOfferOf(job, offered)) return Math.min(retryAt, now + LONGEST_WAIT)
    const short = job.spec.from.length > offered.length || said.some((one) => one?.long)
    return short ? Math.min(retryAt, now + SHORT_WAIT) : retryAt
  }

  async #look(job: JobContext<CallSpec>, now: number): Promise<void> {
    if (now < (this.#looks.get(job.id) ?? 0) + AGAIN) return
    if (this.#looks.size > 1000) this.#looks.clear()
    this.#looks.set(job.id, now)
    const { host } = this.#parts
    try {
      const pause = await this.#pauseOf(job)
      if (!pause) return
      const { reason, until } = pause
      await changeJob(host, job.id, (record, spec) => pausingItself(record, spec, { reason, until }))
      // A number that was opened meanwhile: whoever opened it has not seen the job paused.
      if (await this.#pauseOf(job)) return
      await resumePaused(host, job.id)
    } catch (error) {
      host.events.emit('storage.failed', { error, retryIn: AGAIN })
    }
  }

  /** Why and until when a job has to wait; `undefined` when one of its numbers is open. */
  async #pauseOf({ organization, spec }: JobContext<CallSpec>): Promise<{ reason: string; until: number } | undefined> {
    const { host, closures, hints } = this.#parts
    const now = host.now()
    let first: Opening | undefined
    for (const opening of await closures.openings(organization, spec.from)) {
      if (opensAt(opening) <= now) hints.freed(organization, opening.number)
      else hints.refused(organization, opening.number, now, true)
      if (!first || opensAt(opening) < opensAt(first)) first = opening
    }
    if (!first || opensAt(first) <= now) return undefined
    if (first.dayFreeAt > first.closedUntil) {
      return { reason: CALLER_ID_PAUSES.day, until: Math.max(first.dayFreeAt, now + DAY_PAUSE) }
    }
    const why = await closures.reasonOf(organization, first.number)
    return { reason: CALLER_ID_PAUSES[why], until: first.closedUntil }
  }
}

/** Whether these are what a job offers of its numbers, and not the one number of a contact. */
function isOfferOf({ spec }: JobContext<CallSpec>, offered: readonly string[]): boolean {
  if (offered.length === 1 && spec.from.length > 1) return false
  return offered.every((number) => spec.from.includes(number))
}

function opensAt({ closedUntil, dayFreeAt }: Opening): number {
  return Math.max(closedUntil, dayFreeAt)
}

/** Has a job go on that waits for a number. */
async function resumePaused(host: Host, jobId: string): Promise<void> {
  const reasons: readonly string[] = Object.values(CALLER_ID_PAUSES)
  await changeIfThere(host, jobId, (job, spec) =>
    job.phase.state === 'paused' && reasons.includes(job.phase.reason ?? '') ? resuming(job, spec) : {},
  )
}

/** Has all campaigns of an organization go on that wait for a number and call from one of these. */
export async function resumeWaiting(host: Host, organization: string, numbers: readonly string[]): Promise<void> {
  if (numbers.length === 0) return
  let cursor: string | undefined
  do {
    const query = { organization, states: ['paused'], max: PAGE, ...(cursor !== undefined && { cursor }) }
    const page = await host.storage.listJobs(query)
    for (const { id, spec } of page.items) {
      const parsed = JSON.parse(spec) as JobSpec
      if (parsed.kind === 'calls' && parsed.from.some((one) => numbers.includes(one))) await resumePaused(host, id)
    }
    cursor = page.cursor
  } while (cursor !== undefined)
}
