import { answerWithin } from '../engine/answer-within.js'
import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import { changeJob } from '../jobs/change-job.js'
import { jobLimitRevision } from '../jobs/limit-revision.js'
import { isOver } from '../jobs/snapshot.js'
import type { CallSpec, JobSpec } from '../jobs/spec.js'
import type { Accounts } from '../ports/accounts.js'
import type { Contact } from '../ports/contacts.js'
import type { JobRecord } from '../ports/storage-jobs.js'
import { wholeUnits } from './amount.js'
import { budgetLimits, type JobMoney, openGate, type Reservation, setAside } from './budget.js'
import { estimateCost } from './estimate.js'
import { jobMoneyKey } from './keys.js'
import type { RateTable } from './rates.js'

/** What a job is expected to cost is judged by so many of its contacts. */
const SAMPLE = 1000
/** A reservation that is to follow another is at least this part of what was set aside before. */
const TOP_UP = 4
/** An account that has not answered by then is asked again. */
const ANSWER_WITHIN = 30_000

/** Why nothing more could be set aside. */
export type Reserved = 'more' | 'insufficient' | 'capped'

/**
 * Sets money of accounts aside for jobs, and books what they have spent.
 *
 * Each reservation is written down with the job before the account is asked, and its reference is never used for another: whatever is
 * lost, an answer or a process, what was set aside is found again and given back when the job ends, at the latest.
 */
export class Reservations {
  readonly #host: Host
  readonly #accounts: Accounts
  readonly #rates: ReadonlyMap<string, RateTable>

  constructor(host: Host, accounts: Accounts, rates: ReadonlyMap<string, RateTable>) {
    this.#host = host
    this.#accounts = accounts
    this.#rates = rates
  }

  /**
   * Sets aside what a job needs to begin, unless something is. Throws `insufficient_balance` when there is less, and `account_unavailable`
   * when the account cannot be asked; the job is as it was then, and it may be tried again.
   */
  async begin(jobId: string): Promise<void> {
    const { record, spec } = await this.#read(jobId)
    const { money } = spec
    if (money?.account === undefined || setAside(money) > 0) return
    const wanted = await this.#wanted(record, spec)
    if (wanted === 0) return
    const answer = await this.#reserve(jobId, wanted)
    if (answer !== 'insufficient') return
    const { account } = money
    const available = (await this.#ask(account, () => this.#accounts.balance(account)))?.available ?? 0
    throw new OutdialError(
      'insufficient_balance',
      `Job ${jobId} needs ${wanted} to begin, and its account has ${available}. Top it up, or lower \`budget.total\`, and start it again.`,
      { jobId, account, required: wanted, available },
    )
  }

  /**
   * Sets more aside for a job of which a call, which may cost `need` micro-units, was refused: a quarter of what there is, or what the
   * account still has, as long as it is enough for the call; never more than its budget.
   */
  async more(record: JobRecord, spec: CallSpec, need: number): Promise<Reserved> {
    const { money, budget } = spec
    if (!money) return 'capped'
    const has = setAside(money)
    const room = (budget?.total ?? Number.POSITIVE_INFINITY) - has
    const [used] = await this.#host.storage.usage([{ key: jobMoneyKey(record.id) }])
    const least = Math.max(1, wholeUnits((used?.held ?? 0) + (used?.spent ?? 0) + need) - has)
    if (least > room) return 'capped'
    const usual = has === 0 ? await this.#wanted(record, spec) : Math.ceil(has / TOP_UP)
    const wanted = Math.min(room, Math.max(least, usual))
    const first = await this.#reserve(record.id, wanted)
    if (first !== 'insufficient' || wanted === least) return first
    return this.#reserve(record.id, least)
  }

  /**
   * Books what an ended job has spent, and gives the rest back: once, however often it is asked. The sum is written down first, so that
   * what comes to light meanwhile changes nothing halfway.
   */
  async settle(jobId: string): Promise<void> {
    const { storage } = this.#host
    const record = await storage.getJob(jobId)
    if (!record || !isOver(record) || !isUnsettled(record)) return
    const [used] = await storage.usage([{ key: jobMoneyKey(jobId) }])
    const sum = wholeUnits(used?.spent ?? 0)
    const noted = await this.#note(jobId, (money) =>
      money.settlement ? undefined : { ...money, settlement: { amount: sum } },
    )
    const { account = '', settlement, reservations = [] } = noted
    if (!settlement || settlement.done) return
    for (const { reference, amount } of parts(reservations, settlement.amount)) {
      await this.#ask(account, () =>
        amount > 0 ? this.#accounts.commit(account, reference, amount) : this.#accounts.release(account, reference),
      )
    }
    await this.#note(jobId, (money) => ({ ...money, settlement: { ...settlement, done: true } }))
    this.#host.events.emit('job.settled', { jobId, account, amount: settlement.amount })
  }

  /** What a job wants to begin with: what was said, else its budget, else what its contacts are expected to cost. */
  async #wanted(
    { id, counts }: JobRecord,
    { money, budget, attempts, maxDuration, carrier }: CallSpec,
  ): Promise<number> {
    const most = budget?.total ?? Number.POSITIVE_INFINITY
    if (money?.reserve !== undefined) return Math.min(money.reserve, most)
    if (budget?.total !== undefined) return budget.total
    const rates = this.#rates.get(carrier)
    if (!rates) return 0
    const page = await this.#host.storage.scanTasks(id, { max: SAMPLE, places: ['fresh', 'deferred'] })
    const contacts = page.items.flatMap(({ payload }) =>
      payload === undefined ? [] : [JSON.parse(payload) as Contact],
    )
    if (contacts.length === 0) return 0
    const { expected, dearest } = estimateCost({ contacts, rates, attempts, maxDuration })
    const waiting = counts.fresh + counts.deferred + counts.claimed
    return Math.ceil(Math.max(dearest, (expected * Math.max(waiting, contacts.length)) / contacts.length))
  }

  async #reserve(jobId: string, amount: number): Promise<Reserved> {
    let dropped: readonly string[] = []
    let reference = ''
    const { account = '' } = await this.#note(jobId, (money) => {
      const { reservations = [], asked = 0 } = money
      // Of a process that died, or that is slow, before it knew: nobody counts on that money any more, nor will that process.
      dropped = reservations.flatMap(({ held, reference: of }) => (held ? [] : [of]))
      reference = asked === 0 ? jobId : `${jobId}:${asked + 1}`
      const kept = reservations.map((each) => (each.held ? each : { ...each, dropped: true as const }))
      return { ...money, asked: asked + 1, reservations: [...kept, { reference, amount }] }
    })
    // What cannot be given back now is when the job ends.
    for (const forgotten of dropped)
      await this.#ask(account, () => this.#accounts.release(account, forgotten)).catch(() => {})
    const answer = await this.#ask(account, () => this.#accounts.reserve(account, reference, amount))
    if (answer === 'insufficient') {
      await this.#note(jobId, (money) => ({
        ...money,
        reservations: (money.reservations ?? []).filter((each) => each.reference !== reference),
      }))
      return 'insufficient'
    }
    const { reservations = [], settlement } = await this.#note(jobId, (money) => {
      const own = money.reservations?.find((each) => each.reference === reference)
      if (!own || own.dropped || money.settlement) return undefined
      const held = { reference, amount, held: true as const }
      return { ...money, reservations: (money.reservations ?? []).map((each) => (each === own ? held : each)) }
    })
    if (!settlement && reservations.some((each) => each.reference === reference && each.held)) return 'more'
    // Another process has begun anew meanwhile, or the job has ended and was booked.
    await this.#ask(account, () => this.#accounts.release(account, reference))
    return 'capped'
  }

  /** Changes what a job keeps about money, and the limits that follow from it, in one step. */
  async #note(jobId: string, change: (money: JobMoney) => JobMoney | undefined): Promise<JobMoney> {
    const changed = await changeJob(this.#host, jobId, (job, spec) => {
      if (spec.kind !== 'calls' || !spec.money) return {}
      const money = change(spec.money)
      if (!money) return {}
      const now = { ...spec, money }
      const gate = openGate(jobId, this.#host.now() * 1000 + job.revision)
      return { spec: JSON.stringify(now), limits: [...budgetLimits(jobId, now, jobLimitRevision(job)), gate] }
    })
    const spec = JSON.parse(changed.spec) as JobSpec
    return (spec.kind === 'calls' && spec.money) || { zone: 'UTC' }
  }

  async #read(jobId: string): Promise<{ record: JobRecord; spec: CallSpec }> {
    const record = await this.#host.storage.getJob(jobId)
    if (!record) throw new OutdialError('job_not_found', `There is no job ${jobId}.`, { jobId })
    return { record, spec: JSON.parse(record.spec) as CallSpec }
  }

  /** Whoever keeps the balances may be away, or hang. What it does later all the same, it does to a reference that is known. */
  async #ask<T>(account: string, ask: () => Promise<T>): Promise<T> {
    type Answer = { said: T } | { problem: string }
    const asked = answerWithin<Answer>(
      this.#host,
      ANSWER_WITHIN,
      async () => ({ said: await ask() }),
      (problem) => ({ problem }),
    )
    const answer = await this.#untilTheEnd<Answer>(asked, { problem: 'the engine was stopped' })
    if ('said' in answer) return answer.said
    throw new OutdialError(
      'account_unavailable',
      `Account '${account}' cannot be asked: ${answer.problem}. Nothing is lost; try again.`,
      { account },
    )
  }

  /** No timer ends the wait for an account any more once the engine has ended. */
  async #untilTheEnd<T>(answer: Promise<T>, ended: T): Promise<T> {
    const { ended: signal } = this.#host
    let end = () => {}
    const over = new Promise<T>((resolve) => {
      end = () => resolve(ended)
      signal.addEventListener('abort', end)
    })
    return Promise.race([answer, over]).finally(() => signal.removeEventListener('abort', end))
  }
}

/** Whether a job has money set aside that has not been booked. */
export function isUnsettled({ spec: text }: JobRecord): boolean {
  if (!text.includes('"reservations"')) return false
  const spec = JSON.parse(text) as JobSpec
  const { reservations = [], settlement } = (spec.kind === 'calls' && spec.money) || {}
  return reservations.length > 0 && !settlement?.done
}

/**
 * What is booked of each reservation: as much as there is of the sum, and of the last confirmed one whatever is left, more than was set
 * aside included. The same for the same sum, so that half of it done and repeated comes to the same.
 */
function parts(reservations: readonly Reservation[], sum: number): { reference: string; amount: number }[] {
  const last = reservations.findLastIndex(({ held }) => held)
  let left = sum
  return reservations.map(({ reference, amount, held }, i) => {
    const part = !held ? 0 : i === last ? left : Math.min(amount, left)
    left -= part
    return { reference, amount: part }
  })
}
