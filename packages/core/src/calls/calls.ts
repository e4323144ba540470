import type * as z from 'zod'
import { refuseMisconfigured } from '../engine/account-check.js'
import type { Host } from '../engine/host.js'
import type { Carriers } from '../engine/options.js'
import { OutdialError } from '../errors/outdial-error.js'
import { agentNeeds } from '../jobs/agent-needs.js'
import { AppendDesk } from '../jobs/append.js'
import { CallJob } from '../jobs/call-job.js'
import { type CallJobOptions, callSpec, checkExpiry, parseCallOptions } from '../jobs/call-options.js'
import { createJob } from '../jobs/create-job.js'
import { fingerprint } from '../jobs/fingerprint.js'
import { type IntakeReport, newReport } from '../jobs/intake-report.js'
import { type JobList, type JobListQuery, listJobs } from '../jobs/list-jobs.js'
import { ContactLoader } from '../jobs/load-contacts.js'
import { admitOrganization, type SetLimits } from '../jobs/organization-limits.js'
import type { CallSpec, JobSpec } from '../jobs/spec.js'
import { variablesCheck } from '../jobs/variables.js'
import type { JobState } from '../lifecycle/job.js'
import { parseRef } from '../lifecycle/ref.js'
import type { Carrier } from '../ports/carrier.js'
import type { ContactReader } from '../ports/contacts.js'
import type { Directory } from '../ports/directory.js'
import type { Report } from '../ports/storage-exchange.js'

/** The variables that a carrier wants of a contact. */
type VariablesOf<C> = C extends Carrier<infer Variables> ? Variables : never

/** What an agent learned in a call; see `Calls.report`. */
export interface Disposition {
  /** The host's word for it, e.g. `interested`. */
  disposition?: string
  /** Repeating a report with the same id changes nothing. Default: its content. */
  id?: string
  /** Whatever else is to be kept, JSON. */
  data?: Readonly<Record<string, unknown>>
}

export interface CallsParts {
  host: Host
  carriers: ReadonlyMap<string, Carrier>
  reader: ContactReader
  directory: Directory | undefined
  opened: () => Promise<void>
  report: (report: Report) => Promise<boolean>
  setLimits: SetLimits
}

/** Campaigns: create, find, list. */
export class Calls<Routes extends Carriers = Carriers> {
  readonly #parts: CallsParts
  readonly #desk: AppendDesk

  constructor(parts: CallsParts) {
    this.#parts = parts
    this.#desk = new AppendDesk(parts)
  }

  /**
   * Creates a campaign: checks the options, reads, checks and stores the contacts (streaming, a chunk at a time), and
   * makes the job visible. All or nothing: when it rejects, there is no job.
   *
   * Errors: `invalid_options` and `invalid_schedule` name the field; `unknown_carrier`; `invalid_rows` and
   * `no_contacts` list rows; `carrier_misconfigured`; `idempotency_conflict`; and what the reader of the contacts throws.
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
    const from = this.#callerIds(given.from)
    const spec = callSpec(given, from, host.now())
    this.#checkCarrier(carrier, spec)
    carrier.needs?.(spec.agent)
    const { organization = 'default', weight = 1, idempotencyKey, rows = 'partial', onRow } = given
    const use = { organization, from, ...(spec.agent !== undefined && { agent: spec.agent }) }
    await refuseMisconfigured(host, [{ route: given.carrier, check: async () => (await carrier.check?.(use)) ?? [] }])
    const organizationWeight = await admitOrganization(this.#parts.directory, this.#parts.setLimits, organization)
    const made = await createJob(
      host,
      {
        spec,
        organization,
        organizationWeight,
        route: given.carrier,
        ...(from.length === 1 && { callerId: from[0] as string }),
        weight,
        state: firstState(given.start, given.review ?? false, spec),
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
    return new CallJob<z.output<Schema>>(
      host,
      this.#desk,
      made.jobId,
      JSON.parse(made.memo) as IntakeReport,
      made.replayed,
    )
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

  /** Jobs in the order they were made, a page at a time; give `cursor` back for the next. */
  async list(query: JobListQuery = {}): Promise<JobList> {
    await this.#parts.opened()
    return listJobs(this.#parts.host, 'calls', query)
  }

  /**
   * Records what an agent learned in a call, during it or after. Answers false when it was known. Unknown call:
   * `call_not_found`.
   */
  async report(ref: string, learned: Disposition): Promise<boolean> {
    await this.#parts.opened()
    const { host, report } = this.#parts
    const parts = parseRef(ref)
    const task = parts && (await host.storage.getTask(parts.jobId, parts.index))
    if (!parts || !task || parts.attempt > task.attempts) {
      throw new OutdialError('call_not_found', `There is no call ${ref}.`, { ref })
    }
    const { id, ...content } = learned
    const data = JSON.stringify(content)
    const fresh = await report({ kind: 'note', ref, id: `report:${id ?? data}`, data })
    const { jobId, index } = parts
    if (fresh)
      host.events.emit('call.reported', {
        ref,
        jobId,
        index,
        disposition: content as Readonly<Record<string, unknown>>,
      })
    return fresh
  }

  #callerIds(from: string | readonly string[]): string[] {
    return [from].flat().map((number, i) => {
      const read = this.#parts.reader.phone(number)
      if ('e164' in read) return read.e164
      const field = typeof from === 'string' ? 'from' : `from[${i}]`
      throw new OutdialError('invalid_options', `${field}: ${read.message}`, { field })
    })
  }

  #checkCarrier(carrier: Carrier, spec: CallSpec): void {
    const { maxDuration } = carrier.capabilities
    if (maxDuration !== undefined && spec.maxDuration > maxDuration) {
      throw new OutdialError('invalid_options', `maxDuration: this carrier allows ${maxDuration} ms at most`, {
        field: 'maxDuration',
      })
    }
  }
}

function firstState(start: CallJobOptions['start'], review: boolean, spec: CallSpec): JobState {
  if (review) return 'pending_review'
  if (start === undefined || start === 'draft') return 'draft'
  return spec.startAt === undefined ? 'queued' : 'scheduled'
}

/** The request, but for what cannot be compared: the rows and the functions. */
function requestOf(options: object): object {
  const { contacts: _, variables: __, onRow: ___, ...rest } = options as Record<string, unknown>
  return rest
}
