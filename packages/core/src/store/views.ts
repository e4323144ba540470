import type { LiveRecord } from '../ports/storage-exchange.js'
import type { JobRecord } from '../ports/storage-jobs.js'
import type { TaskPlace, TaskRecord } from '../ports/storage-read.js'
import { nextWork } from './lanes.js'
import { DEFERRED, ENDED, FRESH, PLACES } from './places.js'
import type { JobEntry, LiveEntry } from './records.js'
import type { Tasks, Workspace } from './workspace.js'

/** A job as the port shows it: a copy, so that nobody outside changes the record. */
export function jobRecord(ws: Workspace, job: JobEntry): JobRecord {
  const { id, organization, route, spec, weight, gates, phase, timers, revision, createdAt, fenced, placed } = job
  const nextDue = nextWork(ws, job)
  return {
    id,
    organization,
    route,
    spec,
    weight,
    gates,
    phase,
    timers,
    revision,
    createdAt,
    fenced,
    placed,
    ...(job.idempotencyKey !== undefined && { idempotencyKey: job.idempotencyKey }),
    ...(job.freshShare !== undefined && { freshShare: job.freshShare }),
    ...(job.sweep && { sweep: job.sweep }),
    ...(job.startedAt !== undefined && { startedAt: job.startedAt }),
    ...(job.endedAt !== undefined && { endedAt: job.endedAt }),
    ...(nextDue > ws.now && nextDue < Number.POSITIVE_INFINITY && { nextDue }),
    lanes: job.lanes.map(({ lane, name, priority, open }) => ({ lane, name, priority, open })),
    counts: { ...job.counts },
    outcomes: { ...job.outcomes },
    reasons: { ...job.reasons },
    batches: job.batches.map(({ key, memo }) => ({ key, memo })),
    lastEvent: job.lastEvent,
  }
}

/** Where a task is for the outside: in a swept job nothing waits any more, whatever its byte still says. */
export function placeOf(job: JobEntry, tasks: Tasks, index: number): TaskPlace {
  const place = tasks.place(index)
  if (job.sweep && (place === FRESH || place === DEFERRED)) return job.sweep.terminal
  return PLACES[place] as TaskPlace
}

/** A task as the port shows it. */
export function taskRecord(ws: Workspace, job: JobEntry, index: number): TaskRecord {
  const tasks = ws.tasks(job)
  const place = placeOf(job, tasks, index)
  const reason =
    tasks.place(index) >= ENDED ? tasks.reason(index) : PLACES.indexOf(place) >= ENDED ? job.sweep?.reason : undefined
  const payload = tasks.payload(index)
  const memo = tasks.memo(index)
  const ref = tasks.ref(index)
  return {
    jobId: job.id,
    index,
    place,
    attempts: tasks.attempts(index),
    lane: tasks.lane(index),
    results: tasks.results(index),
    ...(payload !== '' && { payload }),
    ...(memo !== undefined && { memo }),
    ...(reason !== undefined && { reason }),
    ...(ref !== undefined && { ref }),
    ...(place === 'deferred' && { waitUntil: tasks.waitUntil(index) }),
  }
}

/** A live attempt as the port shows it. */
export function liveRecord(ws: Workspace, live: LiveEntry): LiveRecord {
  const { held: _, ...record } = live
  const job = ws.job(live.jobId) as JobEntry
  return { ...record, revision: job.revision, payload: ws.tasks(job).payload(live.index) }
}

/** The rules of `Storage.overdue`. */
export function overdue(
  ws: Workspace,
  query: { routes: readonly string[]; max: number; snooze: number },
): LiveRecord[] {
  return ws.overdue(query.routes, query.max).map((live) => {
    live.checkAt = ws.now + query.snooze
    return liveRecord(ws, live)
  })
}
