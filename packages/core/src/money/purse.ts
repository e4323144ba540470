import { WAIT_FOR_MONEY } from '../calls/after-refusal.js'
import type { Host } from '../engine/host.js'
import { isOutdialError } from '../errors/outdial-error.js'
import { changeIfThere, changeJob } from '../jobs/change-job.js'
import { pausingItself, resuming } from '../jobs/pauses.js'
import type { CallSpec, JobContext, JobSpec } from '../jobs/spec.js'
import { jobContext } from '../jobs/spec.js'
import type { JobRecord } from '../ports/storage-jobs.js'
import type { Usage } from '../ports/storage-limits.js'
import { type MoneyPlace, moneyGate, moneyPlace, moneyReason } from './keys.js'
import type { Reservations } from './reservations.js'

/** Why a job pauses for money, and until when. */
export interface OutOfMoney {
  reason: 'budget_exhausted' | 'daily_budget' | 'organization_daily_budget' | 'insufficient_balance'
  until?: number
}

/**
 * What becomes of a job whose call was refused for money. While live calls hold some that may come back, it waits: its gate is closed
 * for a moment, so that it costs nothing. With nothing held there is nothing to wait for: it is paused, and says why.
 */
export class Purse {
  readonly #host: Host
  readonly #topUp: Reservations['more'] | undefined
  readonly #judging: Set<string> = new Set()

  constructor(host: Host, reservations?: Reservations) {
    this.#host = host
    this.#topUp = reservations?.more.bind(reservations)
  }

  /** A call of this job, which may cost so much, was refused. */
  refused({ id }: JobContext<CallSpec>, need: number): void {
    if (this.#judging.has(id)) return
    this.#judging.add(id)
    // A call that may cost nothing is refused only where nothing at all is left.
    void this.#judge(id, Math.max(1, need))
      .catch((error: unknown) => {
        const told = { error, retryIn: WAIT_FOR_MONEY }
        if (isOutdialError(error, 'account_unavailable'))
          this.#host.events.emit('account.failed', { jobId: id, ...told })
        else this.#host.events.emit('storage.failed', told)
      })
      .finally(() => this.#judging.delete(id))
  }

  async #judge(id: string, need: number): Promise<void> {
    const { storage } = this.#host
    const now = this.#host.now()
    const gate = moneyGate(id).slots
    await storage.setLimits([{ key: gate, revision: now * 1000, closedUntil: now + WAIT_FOR_MONEY }])
    const record = await storage.getJob(id)
    const spec = record && (JSON.parse(record.spec) as JobSpec)
    if (!record?.phase.dialable || spec?.kind !== 'calls') return
    const { place, used } = await this.#look(record, spec, now)
    if (!place) return
    let out = outOfMoney(place, used, need)
    let { revision } = record
    if (this.#topUp && spec.money?.account !== undefined && isShort(used[0], need)) {
      const more = await this.#topUp(record, spec, need)
      if (more === 'more') return this.#open(gate)
      // What was asked of the account is written down with the job.
      if (more === 'insufficient') {
        if (out?.reason === 'budget_exhausted') out = { reason: 'insufficient_balance' }
        revision = (await storage.getJob(id))?.revision ?? revision
      }
    }
    if (!out) return
    const { reason, until } = out
    // Whoever changes the job meanwhile may have changed its money; the next refusal judges it as it is then.
    const paused = await changeJob(this.#host, id, (job, now) =>
      job.revision === revision ? pausingItself(job, now, { reason, until }) : {},
    )
    if (paused.phase.reason !== reason || reason === 'insufficient_balance') return
    // The limit of the organization is no part of the job.
    const again = await this.#look(paused, spec, now)
    if (!outOfMoney(place, again.used, need)) await this.#resume(id, reason)
  }

  /** What there is under the keys that a call of now counts under. */
  async #look(record: JobRecord, spec: CallSpec, now: number): Promise<{ place?: MoneyPlace; used: readonly Usage[] }> {
    const place = moneyPlace(jobContext(record, spec), now)
    return place ? { place, used: await this.#host.storage.usage(place.keys) } : { used: [] }
  }

  #open(gate: string): Promise<void> {
    return this.#host.storage.setLimits([{ key: gate, revision: this.#host.now() * 1000 + 999, none: true }])
  }

  async #resume(id: string, reason: string): Promise<void> {
    await changeIfThere(this.#host, id, (job, spec) =>
      job.phase.state === 'paused' && job.phase.reason === reason ? resuming(job, spec) : {},
    )
  }

  /** The days of an organization have another limit: its jobs that wait for one go on, and find out whether it is enough. */
  async raised(organization: string): Promise<void> {
    let cursor: string | undefined
    do {
      const page = await this.#host.storage.listJobs({
        organization,
        states: ['paused'],
        max: 200,
        ...(cursor !== undefined && { cursor }),
      })
      for (const { id, phase } of page.items)
        if (phase.reason === 'organization_daily_budget') await this.#resume(id, phase.reason)
      cursor = page.cursor
    } while (cursor !== undefined)
  }
}

/** Whether a limit has no room for a call that may cost `need`, for now at least. */
function isShort(used: Usage | undefined, need: number): boolean {
  return used !== undefined && 'money' in used.rule && used.held + used.spent + need > used.rule.money
}

/** The limit that leaves no room for a call that may cost `need`, though nothing is held that could come back; the first of them. */
function outOfMoney({ keys, ends }: MoneyPlace, used: readonly Usage[], need: number): OutOfMoney | undefined {
  for (const [i, { key, limit }] of keys.entries()) {
    const { rule, held, spent } = used[i] as Usage
    if (!('money' in rule) || held > 0 || spent + need <= rule.money) continue
    const reason = moneyReason(limit ?? key)
    if (reason === 'budget_exhausted') return { reason }
    if (reason === 'daily_budget' || reason === 'organization_daily_budget') return { reason, until: ends[i] as number }
  }
  return undefined
}
