import {
  type CreatedJob,
  type Exchange,
  type ExchangeReply,
  type ListEdit,
  type NewJob,
  OutdialError,
} from '@outdial/core'
import * as rules from '@outdial/core/store'
import { decode, encode } from './codec.js'
import * as layout from './layout.js'
import { redactLedger } from './ledger-rows.js'
import { known } from './looks.js'
import type { Unit } from './unit.js'

/** The last reply of a channel, as it is stored. */
export interface ReplyRow {
  seq: number
  at: number
  reply: ExchangeReply
}

/** Makes a job, or answers the one that was made for the same request. */
export function createJob(unit: Unit, job: NewJob): CreatedJob {
  const text =
    job.idempotencyKey === undefined
      ? undefined
      : unit.reads.get(layout.idempotencyKey(job.organization, job.idempotencyKey))
  const id = text === undefined ? job.id : decode<string>(text)
  const same = unit.job(id)
  if (same) {
    if (same.fingerprint !== job.fingerprint) {
      throw new OutdialError(
        'idempotency_conflict',
        `The idempotency key "${job.idempotencyKey}" was used for a different job (${id}). Use a new key for a new request.`,
        { field: 'idempotencyKey', jobId: id },
      )
    }
    return { job: rules.jobRecord(unit, same), replayed: true, sealed: same.batches.length > 0 }
  }
  const made = rules.newJob(unit, job)
  unit.addJob(made)
  unit.organization(made.route, made.organization).weight = made.organizationWeight
  rules.armTimers(unit, made, job.timers)
  return { job: rules.jobRecord(unit, made), replayed: false, sealed: false }
}

/** One exchange, or the reply that its channel had for it. */
export function converse(unit: Unit, request: Exchange): ExchangeReply {
  const { channel, seq } = request
  const text = unit.reads.get(layout.replyKey(channel))
  const last = text === undefined ? undefined : decode<ReplyRow>(text)
  if (last?.seq === seq) return last.reply
  if (last ? seq !== last.seq + 1 : seq < 1) {
    throw new OutdialError(
      'sequence_broken',
      `Exchange ${seq} of channel ${channel} came after ${last?.seq ?? 'none'}.`,
    )
  }
  const told = rules.exchange(unit, request)
  const jobs = [...unit.touched].map(({ id, phase, revision }) => ({
    id,
    state: phase.state,
    revision,
    ...(phase.reason !== undefined && { reason: phase.reason }),
  }))
  const reply: ExchangeReply = { ...told, jobs }
  unit.put(layout.replyKey(channel), encode({ seq, at: unit.now, reply } satisfies ReplyRow))
  return reply
}

/** Changes a list; answers its size. */
export function editList(unit: Unit, name: string, edit: ListEdit): { size: number } {
  const list = unit.makeList(name)
  // The members of before are removed later; what is added belongs to a new generation.
  if (edit.clear) unit.forget(layout.listMembers(name, list.row.generation))
  else {
    const added = (edit.add ?? []).map((each) => (typeof each === 'string' ? each : each.member))
    unit.reads.expect([...added, ...(edit.remove ?? [])].map((member) => list.key(member)))
  }
  return rules.editList(unit, name, edit)
}

/** Removes what is known of an ended task, in its rows and in the log. */
export function redact(unit: Unit, jobId: string, index: number): void {
  const job = known(unit, jobId)
  const tasks = unit.tasks(job)
  if (index >= job.counts.total) {
    throw new OutdialError('task_not_found', `Job ${jobId} has no task ${index}.`, { jobId, index })
  }
  if (rules.PLACES.indexOf(rules.placeOf(job, tasks, index)) < rules.ENDED) {
    throw new OutdialError('task_not_ended', `Task ${index} of job ${jobId} has not ended.`, { jobId, index })
  }
  tasks.redact(index)
  rules.forgetTold(job, index)
  const { ordinal, trimmed } = unit.row(job)
  redactLedger(unit, ordinal, index)
  for (const [key, text] of unit.reads.range({ ...layout.under(layout.REPLIES), limit: 100_000 })) {
    const row = decode<ReplyRow>(text)
    const reply = rules.redactReply(row.reply, jobId, index)
    if (reply) unit.put(key, encode({ ...row, reply } satisfies ReplyRow))
  }
  for (let after = trimmed, more = true; more; ) {
    const events = unit.events(job, after, PAGE)
    for (const { seq, at, data } of events) {
      if (!('index' in data) || data.index !== index) continue
      const redacted = { ...data }
      if ('memo' in redacted) redacted.memo = ''
      if ('result' in redacted) redacted.result = ''
      if ('data' in redacted) redacted.data = ''
      unit.put(layout.eventKey(ordinal, seq), encode([at, redacted]))
    }
    after = events.at(-1)?.seq ?? after
    more = events.length === PAGE
  }
}
const PAGE = 512

/** Makes an ended job unknown at once; what it leaves behind is removed later. */
export function removeJob(unit: Unit, jobId: string): void {
  const job = unit.job(jobId)
  if (!job) return
  if (job.endedAt === undefined) {
    throw new OutdialError('job_not_ended', `Job ${jobId} is ${job.phase.state}; cancel it first.`, { jobId })
  }
  unit.removeJob(job)
}
