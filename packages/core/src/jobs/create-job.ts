import type { Host } from '../engine/host.js'
import { isOutdialError, OutdialError } from '../errors/outdial-error.js'
import type { JobState } from '../lifecycle/job.js'
import { phaseOf } from '../lifecycle/phase.js'
import { budgetLimits, organizationLimit } from '../money/budget.js'
import { moneyGate } from '../money/keys.js'
import { allCaps } from '../policy/rules/rules-for.js'
import type { JobRecord, NewJob } from '../ports/storage-jobs.js'
import type { Limit } from '../ports/storage-limits.js'
import { capLimitsOf } from './caps.js'
import { timersOf } from './change-job.js'
import { jobGates, scopeLimits } from './gates.js'
import type { JobSpec } from './spec.js'

/** The key of a job's first batch. Appended ones have keys of their own, which never look like this. */
const FIRST_BATCH = 'create'
/** Whoever takes a batch's place is waited for as long as a store would wait for it: a minute. */
const PATIENCE = 60_000
const LOOK_EVERY = 200

/** What a new job is made of, beside its tasks. */
export interface JobMaking {
  spec: JobSpec
  organization: string
  organizationWeight: number
  route: string
  /** The caller id, when there is just one. */
  callerId?: string
  /** False: nobody judges the route. */
  breaker?: boolean
  /** Limits beside those of the job itself. */
  limits?: readonly Limit[]
  weight: number
  freshShare?: number
  state: JobState
  dedupe: boolean
  idempotencyKey?: string
  fingerprint: string
}

/**
 * Creates a job whole or not at all: the record, then the tasks that `load` stages, then the seal that makes both
 * visible. Repeated with the same idempotency key it answers the job that is there; repeated after a crash in the middle
 * it begins the loading anew. `load` answers how many tasks it staged and a memo to keep.
 */
export async function createJob(
  host: Host,
  making: JobMaking,
  load: (job: JobRecord, batch: string) => Promise<{ accepted: number; memo: string }>,
): Promise<{ jobId: string; memo: string; replayed: boolean }> {
  const made = await host.storage.createJob(newJob(host, making))
  const jobId = made.job.id
  if (made.sealed) return { jobId, memo: firstMemo(made.job), replayed: true }
  const loaded = await loadBatch(host, made.job, FIRST_BATCH, async (job, batch) => {
    const { accepted, memo } = await load(job, batch)
    if (accepted === 0 && !making.spec.keepOpen) {
      throw new OutdialError(
        'no_contacts',
        'Not one row became a task, so nothing was created. See `details.report`.',
        {
          report: JSON.parse(memo) as unknown,
        },
      )
    }
    return { accepted, memo }
  })
  if (!loaded.replayed) {
    host.events.emit('job.created', { jobId, state: making.state, accepted: loaded.count })
  }
  return { jobId, memo: loaded.memo, replayed: loaded.replayed }
}

/**
 * Adds a batch of tasks to a job, all or nothing; a batch whose key is known is answered as it was. Two that add the same
 * at the same time, or one that repeats what another is still at: the later one loads, the other answers what came of it.
 */
export async function loadBatch(
  host: Host,
  job: JobRecord,
  key: string,
  load: (job: JobRecord, batch: string) => Promise<{ accepted: number; memo: string }>,
): Promise<{ count: number; memo: string; replayed: boolean }> {
  const { storage, ids } = host
  const batch = ids.id('batch')
  const opened = await storage.openBatch(job.id, batch, key)
  if (opened.status === 'sealed') return { count: opened.count, memo: opened.memo, replayed: true }
  try {
    const { accepted, memo } = await load(job, batch)
    await storage.seal(job.id, batch, accepted, memo)
    return { count: accepted, memo, replayed: false }
  } catch (error) {
    const memo = isOutdialError(error, 'batch_discarded') ? await sealedByAnother(host, job.id, key) : undefined
    if (memo !== undefined) return { count: 0, memo, replayed: true }
    await storage.discard(job.id, batch)
    throw error
  }
}

/** Another has taken this batch's place: what it sealed, unless it fails too. */
async function sealedByAnother(host: Host, jobId: string, key: string): Promise<string | undefined> {
  for (let waited = 0; waited < PATIENCE && !host.ended.aborted; waited += LOOK_EVERY) {
    const job = await host.storage.getJob(jobId)
    const sealed = job?.batches.find((batch) => batch.key === key)
    if (sealed) return sealed.memo
    await host.pause(LOOK_EVERY, host.ended)
  }
  return undefined
}

function newJob(host: Host, making: JobMaking): NewJob {
  const { spec, organization, route, state, weight, organizationWeight, dedupe, fingerprint } = making
  const id = host.ids.id('job')
  const { concurrency, cps } = spec
  const priced = spec.kind === 'calls' && spec.money !== undefined
  return {
    id,
    organization,
    route,
    spec: JSON.stringify(spec),
    ...(making.idempotencyKey !== undefined && { idempotencyKey: making.idempotencyKey, fingerprint }),
    weight,
    organizationWeight,
    ...(making.freshShare !== undefined && { freshShare: making.freshShare }),
    gates: jobGates({
      job: id,
      organization,
      route,
      callerId: making.callerId,
      breaker: spec.kind === 'calls' && making.breaker !== false,
      more: priced ? [moneyGate(id)] : [],
    }),
    limits: [
      ...scopeLimits(
        { job: id },
        { ...(concurrency !== undefined && { concurrency }), ...(cps !== undefined && { cps }) },
        1,
      ),
      ...(spec.kind === 'calls' ? capLimitsOf(organization, allCaps(spec)) : []),
      ...(making.limits ?? []),
      ...(priced ? [...budgetLimits(id, spec, 1), organizationLimit(organization, null, 1)] : []),
    ],
    dedupe,
    phase: phaseOf(state, { keepOpen: spec.keepOpen }),
    timers: timersOf(spec, state === 'scheduled'),
  }
}

function firstMemo(job: JobRecord): string {
  return job.batches.find(({ key }) => key === FIRST_BATCH)?.memo ?? '{}'
}
