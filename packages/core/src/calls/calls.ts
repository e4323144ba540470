import type * as z from 'zod'
import { isGated } from '../caller-ids/choice.js'
import { askForNumbers, isLimited } from '../caller-ids/gated-jobs.js'
import { callerIdLimits, cappedNumbers, keptCallerIds, readCallerIds, readNumbers } from '../caller-ids/job-numbers.js'
import { refuseMisconfigured } from '../engine/account-check.js'
import type { Host } from '../engine/host.js'
import type { Carriers } from '../engine/options.js'
import { isOutdialError, OutdialError } from '../errors/outdial-error.js'
import { agentNeeds } from '../jobs/agent-needs.js'
import { AppendDesk } from '../jobs/append.js'
import { type CallDesk, CallJob } from '../jobs/call-job.js'
import { type CallJobOptions, callSpec, checkExpiry, parseCallOptions } from '../jobs/call-options.js'
import { checkMaxDuration } from '../jobs/carrier-limits.js'
import { createJob } from '../jobs/create-job.js'
import { fingerprint } from '../jobs/fingerprint.js'
import { type IntakeReport, newReport } from '../jobs/intake-report.js'
import { type JobList, type JobListQuery, listJobs } from '../jobs/list-jobs.js'
import { ContactLoader } from '../jobs/load-contacts.js'
import { admitOrganization, type SetLimits } from '../jobs/organization-limits.js'
import type { CallSpec, JobSpec } from '../jobs/spec.js'
import { variablesCheck } from '../jobs/variables.js'
import type { JobState } from '../lifecycle/job.js'
import { checkPriced } from '../money/budget.js'
import { jobMoney } from '../money/job-money.js'
import type { RateTable } from '../money/rates.js'
import type { Reservations } from '../money/reservations.js'
import type { Carrier } from '../ports/carrier.js'
import type { ContactReader } from '../ports/contacts.js'
import type { Directory } from '../ports/directory.js'
import type { Report } from '../ports/storage-exchange.js'
import { AgentReports } from './agent-reports.js'
import type { Disposition, Reported } from './disposition.js'

/** The variables that a carrier wants of a contact. */
type VariablesOf<C> = C extends Carrier<infer Variables> ? Variables : never

export interface CallsParts {
  host: Host
  carriers: ReadonlyMap<string, Carrier>
  reader: ContactReader
  directory: Directory | undefined
  opened: () => Promise<void>
  report: (report: Report) => Promise<boolean>
  setLimits: SetLimits
  /** Whether routes are judged. */
  breaker: boolean
  /** A revision of limits, higher than any before. */
  revision: () => number
  /** By carrier name. */
  rates: ReadonlyMap<string, RateTable>
  reservations: Reservations | undefined
}

/** Campaigns: create, find, list. */
export class Calls<Routes extends Carriers = Carriers> {
  readonly #parts: CallsParts
  readonly #desk: AppendDesk
  readonly #reports: AgentReports

  constructor(parts: CallsParts) {
    this.#parts = parts
    this.#desk = new AppendDesk(parts)
    this.#reports = new AgentReports(parts)
  }

  /**
   * Creates a campaign: checks the options, reads, checks and stores the contacts (streaming, a chunk at a time), and
   * makes the job visible. All or nothing: when it rejects, there is no job.
   *
   * Errors: `invalid_options` and `invalid_schedule` name the field; `unknown_carrier`; `invalid_rows` and
   * `no_contacts` list rows; `carrier_misconfigured`; `insufficient_balance` and `account_unavailable`; `idempotency_conflict`; and what the reader of the contacts throws.
   */
  async create<
    Name extends keyof Routes & string,
    Schema extends z.ZodType<VariablesOf<Routes[Name]>> = z.ZodType<VariablesOf<Routes[Name]>>,
  >(options: CallJobOptions<Schema> & { carrier: Name }): Promise<CallJob<z.output<Schema>>> {
    const { host, carriers, reader } = this.#parts
    const given = parseCallOptions(options)
    const carrier = carriers.get(given.carrier)
    if (!carrier) {
      const known = [...carriers.keys()].join(', ')
      throw new OutdialError('unknown_carrier', `carrier: there is no '${given.carrier}'; there are: ${known}`, {
        field: 'carrier',
      })
    }
    await this.#parts.opened()
    const from = readNumbers(reader, given.from)
    const callerIds = given.callerIds && readCallerIds(reader, given.callerIds, from)
    const spec = callSpec(given, from, host.now())
    if (callerIds) spec.callerIds = keptCallerIds(callerIds, undefined)
    if (host.keepsLedger) spec.ledger = true
    checkMaxDuration(carrier, spec.maxDuration)
    carrier.needs?.(spec.agent)
    const { organization = 'default', weight = 1, idempotencyKey, rows = 'partial', onRow } = given
    const use = { organization, from, ...(spec.agent !== undefined && { agent: spec.agent }) }
    await refuseMisconfigured(host, [{ route: given.carrier, check: async () => (await carrier.check?.(use)) ?? [] }])
    const admitted = await admitOrganization(this.#parts.directory, this.#parts.setLimits, organization)
    const { rates, reservations } = this.#parts
    const known = { ...admitted, priced: rates.has(given.carrier), booked: reservations !== undefined }
    const money = jobMoney(given, known)
    if (money) spec.money = money
    checkPriced(spec)
    if (isGated(spec) && (await isLimited(host, organization, from))) spec.asksNumber = true
    const state = firstState(given.start, given.review ?? false, spec)
    // Begun when there is money set aside for it.
    const soon = state === 'queued' || (state === 'scheduled' && given.reserve !== undefined)
    const funded = soon && money?.account !== undefined
    const made = await createJob(
      host,
      {
        spec,
        organization,
        organizationWeight: admitted.weight,
        route: given.carrier,
        ...(isGated(spec) && { callerId: from[0] as string }),
        breaker: this.#parts.breaker,
        ...(callerIds && { limits: callerIdLimits(organization, from, callerIds, this.#parts.revision()) }),
        weight,
        ...(typeof given.freshShare === 'number' && { freshShare: given.freshShare }),
        state: funded ? 'draft' : state,
        dedupe: true,
        ...(idempotencyKey !== undefined && { idempotencyKey }),
        fingerprint: given.fingerprint ?? fingerprint(requestOf(options)),
      },
      async (job, batch) => {
        checkExpiry(spec, host.now())
        const loader = new ContactLoader(host, job.id, batch, spec, [], agentNeeds(carrier, spec))
        const report = await loader.load(reader, {
          contacts: given.contacts,
          rows,
          read: {
            timezone: spec.timezone,
            ...(given.columns && { columns: given.columns }),
            ...(given.defaultRegion !== undefined && { defaultRegion: given.defaultRegion }),
            ...(given.variables && { variables: variablesCheck(given.variables) }),
          },
          ...(onRow && { onRow }),
        })
        return { accepted: report.accepted, memo: JSON.stringify(report) }
      },
    )
    // Limited while it was made: whoever did that has not seen the job.
    if (isGated(spec) && !spec.asksNumber && (await isLimited(host, organization, from))) {
      await askForNumbers(host, organization, from)
    }
    if (callerIds) await askForNumbers(host, organization, cappedNumbers(from, callerIds))
    const { jobId, replayed } = made
    const job = new CallJob<z.output<Schema>>(host, this.#desk, jobId, JSON.parse(made.memo) as IntakeReport, replayed)
    if (funded) await begin(job, this.#desk, spec.startAt)
    return job
  }

  /** The campaign with this id; `undefined` when there is none. Give the variables' type: the store does not know it. */
  async get<Variables = Record<string, unknown>>(jobId: string): Promise<CallJob<Variables> | undefined> {
    await this.#parts.opened()
    const job = await this.#parts.host.storage.getJob(jobId)
    if (!job || (JSON.parse(job.spec) as JobSpec).kind !== 'calls') return undefined
    const memo = job.batches[0]?.memo
    const intake = memo === undefined ? newReport() : (JSON.parse(memo) as IntakeReport)
    return new CallJob<Variables>(this.#parts.host, this.#desk, jobId, intake, false)
  }

  /** Whether campaigns of this carrier set money aside: there are rates of it, and accounts. */
  books(carrier: string): boolean {
    return this.#parts.reservations !== undefined && this.#parts.rates.has(carrier)
  }

  /** Jobs in the order they were made, a page at a time; give `cursor` back for the next. */
  async list(query: JobListQuery = {}): Promise<JobList> {
    await this.#parts.opened()
    return listJobs(this.#parts.host, 'calls', query)
  }

  /**
   * Takes what an agent learned in a call, during it or after, and does what follows from it. All at once or nothing: bad
   * input (`invalid_options`, `invalid_schedule`), an unknown call (`call_not_found`) and a store that is away change nothing
   * that a repetition would not complete. Repeating it is harmless.
   *
   * `optOut` puts the number on a do-not-call list before this resolves: whatever is fenced from then on, by any process,
   * does not call it. `callback` has the contact called from that time on; during the call that counts whatever comes of the
   * call, after it as long as the contact waits for another. A contact that has ended stays so: then
   * the answer's `callback` is `refused`, and says why. A `disposition` begins the cool-downs of the job and of its rule sets that name it.
   */
  report(ref: string, learned: Disposition): Promise<Reported> {
    return this.#reports.take(ref, learned)
  }
}

function firstState(start: CallJobOptions['start'], review: boolean, spec: CallSpec): JobState {
  if (review) return 'pending_review'
  if (start === undefined || start === 'draft') return 'draft'
  return spec.startAt === undefined ? 'queued' : 'scheduled'
}

/** Begins a job that was to begin, or sets its time. Without money for it there is no job; where nobody can say, it stays a draft. */
async function begin<Variables>(job: CallJob<Variables>, desk: CallDesk, at: number | undefined): Promise<void> {
  if ((await job.snapshot()).state !== 'draft') return
  try {
    if (at === undefined) {
      await job.start()
    } else {
      await desk.fund(job.id)
      await job.schedule(at)
    }
  } catch (error) {
    // Repeated by two, and the other was faster.
    if (isOutdialError(error, 'illegal_transition')) return
    if (isOutdialError(error, 'insufficient_balance')) {
      await job.cancel({ reason: 'insufficient_balance' })
      await job.delete()
    }
    throw error
  }
}

/** The request, but for what cannot be compared: the rows and the functions. */
function requestOf(options: object): object {
  const { contacts: _, variables: __, onRow: ___, ...rest } = options as Record<string, unknown>
  return rest
}
