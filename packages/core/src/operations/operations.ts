import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import { createJob } from '../jobs/create-job.js'
import { fingerprint } from '../jobs/fingerprint.js'
import type { LimitScope, ScopeLimits } from '../jobs/gates.js'
import { type IntakeReport, newReport } from '../jobs/intake-report.js'
import { type JobSnapshot, jobSnapshot } from '../jobs/snapshot.js'
import type { JobSpec } from '../jobs/spec.js'
import type { JobState } from '../lifecycle/job.js'
import type { Directory } from '../ports/directory.js'
import type { BackendDesk } from './backend-desk.js'
import { loadOperations } from './load-operations.js'
import { OperationJob } from './operation-job.js'
import {
  checkExpiry,
  firstState,
  type OperationJobOptions,
  operationSpec,
  parseOperationOptions,
} from './operation-options.js'

export interface OperationsParts {
  host: Host
  desks: ReadonlyMap<string, BackendDesk>
  directory: Directory | undefined
  opened: () => Promise<void>
  setLimits: (scope: Exclude<LimitScope, { job: string }>, limits: ScopeLimits) => Promise<void>
}

/** Bulk operations on resources: create, find, list. */
export class Operations {
  readonly #parts: OperationsParts

  constructor(parts: OperationsParts) {
    this.#parts = parts
  }

  /**
   * Creates a job that creates, updates or deletes resources. All or nothing: when it rejects, there is no job. Whether
   * the entries exist is found out when they are done, each for itself; `job.plan()` tells before.
   *
   * Errors: `invalid_options` and `invalid_schedule` name the field; `unknown_resource`; `idempotency_conflict`.
   */
  async create(options: OperationJobOptions): Promise<OperationJob> {
    const { host, desks } = this.#parts
    const given = parseOperationOptions(options)
    const desk = desks.get(given.type)
    if (!desk) {
      const known = [...desks.keys()].join(', ') || 'none'
      throw new OutdialError('unknown_resource', `type: there is no '${given.type}'; there are: ${known}`, {
        field: 'type',
      })
    }
    await this.#parts.opened()
    const spec = operationSpec(given, desk.backend.capabilities.keys, host.now())
    const { organization = 'default', weight = 1, idempotencyKey } = given
    const organizationWeight = await this.#organization(organization)
    const made = await createJob(
      host,
      {
        spec,
        organization,
        organizationWeight,
        route: desk.route,
        weight,
        state: firstState(given, spec),
        dedupe: false,
        ...(idempotencyKey !== undefined && { idempotencyKey }),
        fingerprint: idempotencyKey === undefined ? '' : fingerprint(given),
      },
      async (job, batch) => {
        checkExpiry(spec, host.now())
        return loadOperations(host, job.id, batch, given)
      },
    )
    return new OperationJob(host, desks, made.jobId, JSON.parse(made.memo) as IntakeReport, made.replayed)
  }

  /** The job with this id; `undefined` when there is none. */
  async get(jobId: string): Promise<OperationJob | undefined> {
    const { host, desks, opened } = this.#parts
    await opened()
    const job = await host.storage.getJob(jobId)
    if (!job || (JSON.parse(job.spec) as JobSpec).kind !== 'operations') return undefined
    const memo = job.batches[0]?.memo
    return new OperationJob(
      host,
      desks,
      jobId,
      memo === undefined ? newReport() : (JSON.parse(memo) as IntakeReport),
      false,
    )
  }

  /** Jobs in the order they were made, a page at a time; give `cursor` back for the next. */
  async list(
    query: { organization?: string; states?: readonly JobState[]; cursor?: string; max?: number } = {},
  ): Promise<{ items: JobSnapshot[]; cursor?: string }> {
    const { host, opened } = this.#parts
    await opened()
    const { max = 100 } = query
    const items: JobSnapshot[] = []
    let { cursor } = query
    // Campaigns are in the same list, and are no reason for a page that is not full.
    do {
      const page = await host.storage.listJobs({
        ...query,
        max: max - items.length,
        ...(cursor !== undefined && { cursor }),
      })
      items.push(...page.items.map((job) => jobSnapshot(job, host.now())).filter(({ kind }) => kind === 'operations'))
      cursor = page.cursor
    } while (cursor !== undefined && items.length < max)
    return { items, ...(cursor !== undefined && { cursor }) }
  }

  /** An organization's limits are set anew with each job, so that the directory's word counts. Answers its weight. */
  async #organization(id: string): Promise<number> {
    const { directory, setLimits } = this.#parts
    if (!directory) return 1
    const known = await directory.organization(id)
    if (!known)
      throw new OutdialError('invalid_options', `organization: there is no '${id}'`, { field: 'organization' })
    const { concurrency = null, cps = null, weight = 1 } = known
    await setLimits({ organization: id }, { concurrency, cps })
    return weight
  }
}
