import { OutdialError } from '../errors/outdial-error.js'
import type { BatchOpened, Chunk, Sealed, Staged } from '../ports/storage-intake.js'
import type { NewJob } from '../ports/storage-jobs.js'
import { ready } from './fair-order.js'
import { setLimit } from './gates.js'
import { addRange } from './lanes.js'
import { defer, move } from './moves.js'
import { bump, setTimers, settle } from './phases.js'
import { DEFERRED } from './places.js'
import type { JobEntry, LoadingBatch } from './records.js'
import type { Workspace } from './workspace.js'

/** An open batch that shows no sign of life for so long is given up. */
const IDLE = 60_000

/** A new job as the rules keep it, before its first batch. */
export function newJob(ws: Workspace, job: NewJob): JobEntry {
  const counts = { total: 0, fresh: 0, deferred: 0, claimed: 0, active: 0, unknown: 0 }
  const ends = { succeeded: 0, failed: 0, skipped: 0, canceled: 0, expired: 0 }
  const { limits, timers: _, ...rest } = job
  for (const limit of limits) setLimit(ws, limit)
  return {
    ...rest,
    timers: {},
    revision: 1,
    createdAt: ws.now,
    lanes: [],
    counts: { ...counts, ...ends },
    outcomes: {},
    reasons: {},
    fenced: 0,
    placed: 0,
    turn: 0,
    lastEvent: 0,
    batches: [],
  }
}

/** The rules of `Storage.openBatch`. */
export function openBatch(ws: Workspace, jobId: string, batch: string, key: string): BatchOpened {
  const job = loadable(ws, jobId, key)
  const sealed = job.batches.find((done) => done.key === key)
  if (sealed) {
    return { status: 'sealed', batch: sealed.batch, first: sealed.first, count: sealed.count, memo: sealed.memo }
  }
  const { loading } = job
  if (loading?.batch === batch) return { status: 'open' }
  if (loading && loading.key !== key && ws.now - loading.touchedAt < IDLE) {
    throw new OutdialError('batch_busy', `Another batch is being added to job ${jobId}. Try again when it is done.`, {
      jobId,
      batch: loading.key,
    })
  }
  drop(ws, job)
  job.loading = { batch, key, touchedAt: ws.now, accepted: 0, seq: -1, lanes: [], ranges: [], later: [] }
  return { status: 'open' }
}

/** The rules of `Storage.stage`. */
export function stage(ws: Workspace, jobId: string, batch: string, chunk: Chunk): Staged {
  const { job, loading } = loadingBatch(ws, jobId, batch)
  if (chunk.seq === loading.seq && loading.reply) return loading.reply
  if (chunk.seq !== loading.seq + 1) {
    throw new OutdialError('sequence_broken', `Chunk ${chunk.seq} of batch ${batch} came after ${loading.seq}.`, {
      jobId,
    })
  }
  const tasks = ws.tasks(job)
  const first = job.counts.total + loading.accepted
  const duplicates: { position: number; of: number }[] = []
  let index = first
  for (const [position, { payload, key, notBefore }] of chunk.tasks.entries()) {
    const dedup = job.dedupe ? key : undefined
    const of = dedup === undefined ? undefined : tasks.find(dedup)
    if (of !== undefined) {
      duplicates.push({ position, of })
      continue
    }
    tasks.append(payload, chunk.lane.lane, dedup)
    if (notBefore !== undefined && notBefore > ws.now) {
      loading.later.push({ index, at: notBefore, lane: chunk.lane.lane })
    }
    index++
  }
  const accepted = index - first
  const last = loading.ranges.at(-1)
  if (last && last.lane === chunk.lane.lane && last.until === first) last.until = index
  else if (accepted > 0) loading.ranges.push({ lane: chunk.lane.lane, from: first, until: index })
  if (!loading.lanes.some((lane) => lane.lane === chunk.lane.lane)) loading.lanes.push(chunk.lane)
  loading.accepted += accepted
  loading.seq = chunk.seq
  loading.touchedAt = ws.now
  loading.reply = { first, accepted, duplicates }
  return loading.reply
}

/** The rules of `Storage.seal`. `timers` are the job's own, given with its creation and set with its first batch. */
export function seal(ws: Workspace, jobId: string, batch: string, expected: number, memo: string): Sealed {
  const known = ws.job(jobId)?.batches.find((done) => done.batch === batch)
  if (known) return { first: known.first, count: known.count, revision: (ws.job(jobId) as JobEntry).revision }
  const { job, loading } = loadingBatch(ws, jobId, batch)
  if (loading.accepted !== expected) {
    throw new OutdialError(
      'batch_incomplete',
      `Batch ${batch} of job ${jobId} has ${loading.accepted} tasks, not ${expected}; none of them was added.`,
      { jobId, stored: loading.accepted, expected },
    )
  }
  const first = job.counts.total
  const tasks = ws.tasks(job)
  for (const { lane, name, priority, open } of loading.lanes) {
    if (job.lanes.some((has) => has.lane === lane)) continue
    job.lanes.push({ lane, name, priority, open, ranges: [], range: 0, next: 0 })
  }
  job.lanes.sort((a, b) => b.priority - a.priority || a.lane - b.lane)
  job.counts.total += expected
  job.counts.fresh += expected
  for (const { lane, from, until } of loading.ranges) {
    const into = job.lanes.find((has) => has.lane === lane)
    if (into) addRange(into, from, until)
  }
  delete job.loading
  job.batches.push({ key: loading.key, batch, first, count: expected, memo })
  if (job.batches.length === 1) {
    // Timers that came due before there was anything to do have waited for this.
    setTimers(ws, job, job.timers)
    ws.log(job, { type: 'job', state: job.phase.state, revision: job.revision })
  }
  ws.log(job, { type: 'added', first, count: expected, key: loading.key })
  bump(ws, job)
  for (const { index, at } of loading.later) {
    move(job, tasks, index, DEFERRED)
    defer(ws, job, tasks, index, at)
  }
  ready(ws, job)
  settle(ws, job)
  return { first, count: expected, revision: job.revision }
}

/** The rules of `Storage.discard`; true when the job itself has to go, because it never had a batch. */
export function discard(ws: Workspace, jobId: string, batch: string): boolean {
  const job = ws.job(jobId)
  if (job?.loading?.batch !== batch) return false
  drop(ws, job)
  settle(ws, job)
  return job.batches.length === 0
}

/** Sets a new job's timers; they start to count when it is made. */
export function armTimers(ws: Workspace, job: JobEntry, timers: NewJob['timers']): void {
  setTimers(ws, job, timers)
}

function drop(ws: Workspace, job: JobEntry): void {
  if (!job.loading) return
  ws.tasks(job).truncate(job.counts.total)
  delete job.loading
}

/** A job that can take tasks, or one whose batch of this key has been sealed and only wants to be answered. */
function loadable(ws: Workspace, jobId: string, key: string): JobEntry {
  const job = ws.job(jobId)
  if (!job) throw new OutdialError('job_not_found', `There is no job ${jobId}.`, { jobId })
  if ((job.endedAt !== undefined || job.sweep) && !job.batches.some((done) => done.key === key)) {
    throw new OutdialError('illegal_transition', `Job ${jobId} is ${job.phase.state} and takes no more tasks.`, {
      jobId,
      state: job.phase.state,
    })
  }
  return job
}

function loadingBatch(ws: Workspace, jobId: string, batch: string): { job: JobEntry; loading: LoadingBatch } {
  const job = ws.job(jobId)
  if (job?.loading?.batch !== batch) {
    throw new OutdialError('batch_discarded', `Batch ${batch} of job ${jobId} is not open any more.`, { jobId, batch })
  }
  if (job.sweep) {
    throw new OutdialError('illegal_transition', `Job ${jobId} is ${job.phase.state} and takes no more tasks.`, {
      jobId,
    })
  }
  return { job, loading: job.loading }
}
