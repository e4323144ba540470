import {
  type EventPage,
  type JobQuery,
  type JobRecord,
  OutdialError,
  type Page,
  type TaskQuery,
  type TaskRecord,
} from '@outdial/core'
import * as rules from '@outdial/core/store'
import { count, counted, decode } from './codec.js'
import * as layout from './layout.js'
import type { Unit } from './unit.js'

/** Jobs looked at in one go. */
const PAGE = 64

/** A job that has had a batch. */
export function visible(unit: Unit, jobId: string): rules.JobEntry | undefined {
  const job = unit.job(jobId)
  return job && job.batches.length > 0 ? job : undefined
}

/** A job that has to be there. */
export function known(unit: Unit, jobId: string): rules.JobEntry {
  const job = visible(unit, jobId)
  if (!job) throw new OutdialError('job_not_found', `There is no job ${jobId}.`, { jobId })
  return job
}

/** Jobs in the order they were made in. The cursor is the ordinal of the next one. */
export function listJobs(unit: Unit, { organization, states, cursor, max }: JobQuery): Page<JobRecord> {
  const prefix = organization === undefined ? layout.JOB_ORDER : layout.organizationJobs(organization)
  const { lt } = layout.under(prefix)
  const items: JobRecord[] = []
  for (let gte = `${prefix}/${count(Number(cursor ?? 0))}`, more = true; more; ) {
    const entries = unit.reads.range({ gte, lt, limit: PAGE })
    unit.reads.expect(entries.map(([, id]) => layout.jobKey(decode<string>(id))))
    for (const [key, id] of entries) {
      const job = visible(unit, decode<string>(id))
      if (!job || (states && !states.includes(job.phase.state))) continue
      if (items.length === max) return { items, cursor: String(counted(key.slice(prefix.length + 1))) }
      items.push(rules.jobRecord(unit, job))
    }
    const last = entries.at(-1)
    if (last) gte = layout.after(last[0])
    more = entries.length === PAGE
  }
  return { items }
}

/** Tasks by index. The cursor is the index of the next one. */
export function scanTasks(unit: Unit, jobId: string, { places, cursor, max }: TaskQuery): Page<TaskRecord> {
  const job = known(unit, jobId)
  const tasks = unit.tasks(job)
  const items: TaskRecord[] = []
  for (let index = Number(cursor ?? 0); index < job.counts.total; index++) {
    if (places && !places.includes(rules.placeOf(job, tasks, index))) continue
    if (items.length === max) return { items, cursor: String(index) }
    items.push(rules.taskRecord(unit, job, index))
  }
  return { items }
}

/** Events after a sequence number, or where the log begins. */
export function eventPage(unit: Unit, jobId: string, after: number, max: number): EventPage {
  const job = known(unit, jobId)
  const last = job.lastEvent
  const { trimmed } = unit.row(job)
  if (after < trimmed) return { status: 'trimmed', oldest: trimmed + 1, last, job: rules.jobRecord(unit, job) }
  return { status: 'ok', events: unit.events(job, after, max), last }
}
