import type { Counts, JobRecord, LiveRecord, Storage, TaskRecord } from '@outdial/core'
import { must } from './admission.js'
import { ready } from './claimable.js'
import { equal, same } from './equal.js'
import { checkLook, look } from './usage.js'
import { ENDS, isLive, isOver, isWaiting, type ModelJob, used, visible, type World } from './world.js'

/** Everything that the port shows. */
export interface Observed {
  jobs: { job: JobRecord; tasks: TaskRecord[] }[]
  live: (LiveRecord | undefined)[]
  shown: Awaited<ReturnType<typeof look>>
}

export async function observe(world: World, storage: Storage): Promise<Observed> {
  const { items } = await storage.listJobs({ max: 1000 })
  const jobs = []
  for (const job of items) {
    const { items: tasks } = await storage.scanTasks(job.id, { max: 100_000 })
    jobs.push({ job, tasks })
  }
  return { jobs, live: await storage.load(world.refs), shown: await look(world, storage) }
}

/** Compares all of it with the model, and with counts made anew. */
export async function check(world: World, storage: Storage, seen: Observed): Promise<void> {
  const jobs = visible(world)
  must(same(seen.jobs.map(({ job }) => job.id).sort(), jobs.map(({ id }) => id).sort()), 'other jobs are there')
  for (const job of world.jobs.values()) {
    if (job.batches.length === 0)
      must((await storage.getJob(job.id)) === undefined, `${job.id} is visible before its first batch`)
  }
  const holds: Record<string, number> = {}
  for (const { job: record, tasks } of seen.jobs) {
    const job = world.jobs.get(record.id) as ModelJob
    checkJob(world, job, record)
    checkTasks(job, tasks)
    const recount = await storage.recount(job.id)
    equal(recount.counts, record.counts, `${job.id}: counted anew`)
    equal(recount.outcomes, record.outcomes, `${job.id}: outcomes counted anew`)
    equal(recount.reasons, record.reasons, `${job.id}: reasons counted anew`)
    for (const [key, n] of Object.entries(recount.holds)) holds[key] = (holds[key] ?? 0) + n
    if (record.revision < job.revision) throw new Error(`${job.id}: revision went back`)
    job.revision = record.revision
  }
  for (const key of new Set([...Object.keys(holds), ...world.limits.keys()])) {
    if (key.startsWith('slots:') || key.startsWith('budget'))
      equal(holds[key] ?? 0, used(world, key), `holds of ${key}`)
  }
  checkLive(world, seen.live)
  checkLook(world, seen.shown)
}

function checkJob(world: World, job: ModelJob, record: JobRecord): void {
  const counts = countsOf(job)
  const { total, ...places } = counts
  equal(record.counts, counts, `${job.id}: counts`)
  must(Object.values(places).reduce((sum, n) => sum + n, 0) === total, `G3: ${job.id}: counts do not add up`)
  equal(record.phase, job.phase, `${job.id}: phase`)
  equal(record.timers, job.timers, `${job.id}: timers`)
  equal(record.sweep, job.sweep, `${job.id}: sweep`)
  equal(record.freshShare, job.freshShare, `${job.id}: share of fresh tasks`)
  equal(record.outcomes, job.outcomes, `${job.id}: outcomes`)
  const { spec, weight, fenced, placed, startedAt, endedAt } = record
  equal(
    { spec, weight, fenced, placed, startedAt, endedAt },
    {
      spec: job.spec,
      weight: job.weight,
      fenced: job.fenced,
      placed: job.placed,
      startedAt: job.startedAt,
      endedAt: job.endedAt,
    },
    `${job.id}: record`,
  )
  const reasons: Record<string, number> = {}
  for (const { place, reason } of job.tasks.filter(isOver)) {
    reasons[`${place}/${reason}`] = (reasons[`${place}/${reason}`] ?? 0) + 1
  }
  equal(record.reasons, reasons, `${job.id}: reasons`)
  equal(
    record.batches,
    job.batches.map(({ key, memo }) => ({ key, memo })),
    `${job.id}: batches`,
  )
  const open = job.phase.onDrained !== undefined && !job.loading && job.tasks.every(isOver)
  must(!open, `${job.id}: has nothing left to do and does not end`)
  if (record.nextDue !== undefined) {
    must(job.tasks.some(isWaiting), `${job.id}: nothing waits, and yet something is due next`)
    const now = job.tasks.some((task) => ready(world, { ...job, phase: { ...job.phase, dialable: true } }, task))
    must(!now, `${job.id}: something is due now, and yet the next is said to be due later`)
  }
}

function countsOf(job: ModelJob): Counts {
  const counts = { total: job.tasks.length, fresh: 0, deferred: 0, claimed: 0, active: 0, unknown: 0 } as Counts
  for (const end of ENDS) counts[end] = 0
  for (const { place } of job.tasks) counts[place]++
  return counts
}

function checkTasks(job: ModelJob, tasks: readonly TaskRecord[]): void {
  const expected = job.tasks.map((task, index) => {
    const { place, payload, lane, attempts, reason, memo, results, live, waitUntil } = task
    return {
      jobId: job.id,
      index,
      place,
      attempts,
      lane,
      results,
      ...(payload !== '' && { payload }),
      ...(memo !== undefined && { memo }),
      ...(reason !== undefined && { reason }),
      ...(live && { ref: live.ref }),
      ...(place === 'deferred' && { waitUntil }),
    }
  })
  equal(tasks, expected, `${job.id}: tasks`)
}

/** Guarantee G1 is in here: a task has one live attempt at most, and those are all that are live. */
function checkLive(world: World, live: Observed['live']): void {
  const expected = world.refs.map((ref) => {
    const [jobId, index] = ref.split(':') as [string, string]
    const job = world.jobs.get(jobId)
    const task = job?.tasks[Number(index)]
    if (!job || task?.live?.ref !== ref) return undefined
    must(isLive(task), 'the model is wrong')
    const { held: _, ...rest } = task.live
    return { ...rest, jobId, index: Number(index), revision: job.revision, payload: task.payload }
  })
  equal(live, expected, 'live attempts')
}
