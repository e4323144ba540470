import { readCallerIds, readNumbers } from '../caller-ids/job-numbers.js'
import type { ParsedCallerIds } from '../caller-ids/pool-options.js'
import type { CallsParts } from '../calls/calls.js'
import { callHandle, reviveCall } from '../calls/live-call.js'
import { refuseMisconfigured } from '../engine/account-check.js'
import { OutdialError } from '../errors/outdial-error.js'
import type { KnownRates } from '../foresight/judge.js'
import { isUnsettled } from '../money/reservations.js'
import type { Carrier } from '../ports/carrier.js'
import type { ContactSource } from '../ports/contacts.js'
import { agentNeeds } from './agent-needs.js'
import type { AppendOptions, CallDesk } from './call-job.js'
import { checkMaxDuration } from './carrier-limits.js'
import { changeIfThere } from './change-job.js'
import { loadBatch } from './create-job.js'
import type { IntakeReport } from './intake-report.js'
import { laneAt } from './lanes.js'
import { ContactLoader } from './load-contacts.js'
import { isOver } from './snapshot.js'
import { type JobSpec, jobContext } from './spec.js'
import { variablesCheck } from './variables.js'

const PAGE = 500

/** What handles of campaigns ask of the engine. */
export class AppendDesk implements CallDesk {
  readonly #parts: CallsParts

  constructor(parts: CallsParts) {
    this.#parts = parts
  }

  async append(
    jobId: string,
    contacts: ContactSource,
    options: AppendOptions,
  ): Promise<{ intake: IntakeReport; replayed: boolean }> {
    const { host, reader } = this.#parts
    const job = await this.#read(jobId)
    const { rows = 'partial', onRow, idempotencyKey, variables, columns, defaultRegion } = options
    const carrier = this.#parts.carriers.get(job.record.route)
    let { spec: known } = job.record
    const loaded = await loadBatch(
      host,
      job.record,
      `append:${idempotencyKey ?? host.ids.id('key')}`,
      async (_, batch) => {
        // As it is now: until this batch is sealed no other gives the job new lanes.
        const { record, spec } = await this.#read(jobId)
        known = record.spec
        const loader = new ContactLoader(host, jobId, batch, spec, record.lanes, agentNeeds(carrier, spec))
        const read = {
          timezone: spec.timezone,
          ...(columns && { columns }),
          ...(defaultRegion !== undefined && { defaultRegion }),
          ...(variables && { variables: variablesCheck(variables) }),
        }
        const report = await loader.load(reader, { contacts, rows, read, ...(onRow && { onRow }) })
        return { accepted: report.accepted, memo: JSON.stringify(report) }
      },
    )
    if (!loaded.replayed) await this.#openAsChanged(jobId, known)
    return { intake: JSON.parse(loaded.memo) as IntakeReport, replayed: loaded.replayed }
  }

  /** Whoever changed the job's hours while contacts were read did not know of the lanes that these have brought. */
  async #openAsChanged(jobId: string, known: string): Promise<void> {
    const { host } = this.#parts
    await changeIfThere(host, jobId, (record, spec) => {
      if (record.spec === known || spec.kind !== 'calls' || isOver(record)) return {}
      const now = host.now()
      return { lanes: record.lanes.map(({ lane, name }) => laneAt(lane, name, spec, now)) }
    })
  }

  rates(route: string): KnownRates | undefined {
    return this.#parts.carriers.has(route) ? { table: this.#parts.rates.get(route) } : undefined
  }

  /** Hangs up every live call of a job. Answers how many the carrier took; their ends come as events. */
  async hangUp(jobId: string): Promise<number> {
    const { host } = this.#parts
    const { record, spec } = await this.#read(jobId)
    const carrier = this.#hangingUp(record.route)
    const context = jobContext(record, spec)
    let done = 0
    let cursor: string | undefined
    do {
      const page = await host.storage.scanTasks(jobId, {
        places: ['active', 'unknown'],
        max: PAGE,
        ...(cursor !== undefined && { cursor }),
      })
      const records = await host.storage.load(page.items.flatMap(({ ref }) => ref ?? []))
      for (const live of records) {
        if (!live) continue
        const handle = callHandle(reviveCall(context, live))
        const answer = await carrier.hangup(handle).catch((error: unknown) => {
          host.events.emit('carrier.failed', {
            route: record.route,
            reason: 'hangup',
            message: String(error),
            ref: live.ref,
          })
          return 'refused' as const
        })
        if (answer === 'done') done++
      }
      cursor = page.cursor
    } while (cursor !== undefined)
    return done
  }

  async fund(jobId: string): Promise<void> {
    await this.#parts.reservations?.begin(jobId)
  }

  async settle(jobId: string): Promise<void> {
    const { host, reservations } = this.#parts
    if (reservations) return reservations.settle(jobId)
    const record = await host.storage.getJob(jobId)
    if (!record || !isOver(record) || !isUnsettled(record)) return
    throw new OutdialError(
      'account_unavailable',
      `Job ${jobId} has money set aside, and this engine has no accounts to book it with. Delete it through one that has.`,
      { jobId },
    )
  }

  async checkAgent(jobId: string, agent: string): Promise<void> {
    const { record } = await this.#read(jobId)
    this.#parts.carriers.get(record.route)?.needs?.(agent)
  }

  async checkMaxDuration(jobId: string, maxDuration: number): Promise<void> {
    const { record } = await this.#read(jobId)
    checkMaxDuration(this.#parts.carriers.get(record.route), maxDuration)
  }

  async numbers(jobId: string, given: string | readonly string[]): Promise<string[]> {
    const { host, reader, carriers } = this.#parts
    const from = readNumbers(reader, given)
    const { record, spec } = await this.#read(jobId)
    const { organization, route } = record
    const use = { organization, from, ...(spec.agent !== undefined && { agent: spec.agent }) }
    await refuseMisconfigured(host, [{ route, check: async () => (await carriers.get(route)?.check?.(use)) ?? [] }])
    return from
  }

  revision(): number {
    return this.#parts.revision()
  }

  callerIds(given: ParsedCallerIds, from: readonly string[]): ParsedCallerIds {
    return readCallerIds(this.#parts.reader, given, from)
  }

  async canHangUp(jobId: string): Promise<void> {
    const { record } = await this.#read(jobId)
    this.#hangingUp(record.route)
  }

  #hangingUp(route: string): Required<Pick<Carrier, 'hangup'>> {
    const carrier = this.#parts.carriers.get(route)
    if (carrier?.hangup) return carrier as Required<Pick<Carrier, 'hangup'>>
    throw new OutdialError('not_supported', `Carrier '${route}' cannot hang up.`, { route })
  }

  async #read(jobId: string) {
    const record = await this.#parts.host.storage.getJob(jobId)
    const spec = record && (JSON.parse(record.spec) as JobSpec)
    if (!record || spec?.kind !== 'calls')
      throw new OutdialError('job_not_found', `There is no campaign ${jobId}.`, { jobId })
    return { record, spec }
  }
}
