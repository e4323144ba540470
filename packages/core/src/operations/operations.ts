import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import { createJob } from '../jobs/create-job.js'
import { fingerprint } from '../jobs/fingerprint.js'
import { type IntakeReport, newReport } from '../jobs/intake-report.js'
import { type JobList, type JobListQuery, listJobs } from '../jobs/list-jobs.js'
import { admitOrganization, type SetLimits } from '../jobs/organization-limits.js'
import type { JobSpec } from '../jobs/spec.js'
import type { Directory } from '../ports/directory.js'
import type { BackendDesk } from './backend-desk.js'
import type { CallerIdPool } from './caller-id-pool.js'
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
  pool: CallerIdPool
  directory: Directory | undefined
  opened: () => Promise<void>
  setLimits: SetLimits
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
   * Errors: `invalid_options` and `invalid_schedule` name the field; `unexpected_count`; `unknown_resource`; `idempotency_conflict`.
   */
  async create(options: OperationJobOptions): Promise<OperationJob> {
    const { host, desks, pool } = this.#parts
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
    const { weight: organizationWeight } = await admitOrganization(
      this.#parts.directory,
      this.#parts.setLimits,
      organization,
    )
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
        fingerprint: idempotencyKey === undefined ? '' : (given.fingerprint ?? fingerprint(given)),
      },
      async (job, batch) => {
        checkExpiry(spec, host.now())
        return loadOperations(host, job.id, batch, given)
      },
    )
    return new OperationJob(host, { desks, pool }, made.jobId, JSON.parse(made.memo) as IntakeReport, made.replayed)
  }

  /** The job with this id; `undefined` when there is none. */
  async get(jobId: string): Promise<OperationJob | undefined> {
    const { host, desks, pool, opened } = this.#parts
    await opened()
    const job = await host.storage.getJob(jobId)
    if (!job || (JSON.parse(job.spec) as JobSpec).kind !== 'operations') return undefined
    const memo = job.batches[0]?.memo
    return new OperationJob(
      host,
      { desks, pool },
      jobId,
      memo === undefined ? newReport() : (JSON.parse(memo) as IntakeReport),
      false,
    )
  }

  /** Jobs in the order they were made, a page at a time; give `cursor` back for the next. */
  async list(query: JobListQuery = {}): Promise<JobList> {
    await this.#parts.opened()
    return listJobs(this.#parts.host, 'operations', query)
  }
}
