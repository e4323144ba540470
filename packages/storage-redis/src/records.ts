import type {
  ClaimedGroup,
  ClaimedTask,
  CreatedJob,
  Exchange,
  ExchangeReply,
  Fenced,
  JobRecord,
  LiveRecord,
  TaskPlace,
  TaskRecord,
} from '@outdial/core'
import type { Packed } from './msgpack.js'
import type { ParcelPlace, Parcels } from './parcels.js'
import { type PayloadPlace, payloadOf } from './payload-blocks.js'
import type { WholeMemo } from './shared-memos.js'

/*
 * What the scripts answer, in the shapes of the port. Lists are by position, as the scripts write them; `false` stands for
 * what is not there.
 */

type Row = Packed[]
type Payloads = ReadonlyMap<string, readonly string[]>
type Facts = { [name: string]: Packed }

/** An empty table of Lua may have been meant to be a map. */
const map = (packed: Packed | undefined): Facts => (Array.isArray(packed) || !packed ? {} : (packed as Facts))
const there = (value: Packed | undefined): boolean => value !== undefined && value !== null && value !== false

export function jobRecord(packed: Packed): JobRecord {
  const { job: packedJob, spec, batches, nextDue } = map(packed)
  const job = map(packedJob)
  const optional = (name: string) => (there(job[name]) ? { [name]: job[name] } : {})
  return {
    id: job.id,
    organization: job.organization,
    route: job.route,
    spec,
    weight: job.weight,
    gates: job.gates,
    phase: job.phase,
    timers: map(job.timers),
    revision: job.revision,
    createdAt: job.createdAt,
    fenced: job.fenced,
    placed: job.placed,
    ...optional('idempotencyKey'),
    ...optional('freshShare'),
    ...optional('sweep'),
    ...optional('startedAt'),
    ...optional('endedAt'),
    ...(there(nextDue) && { nextDue }),
    lanes: (job.lanes as Facts[]).map(({ lane, name, priority, open }) => ({
      lane,
      name,
      priority,
      open: open === false ? null : open,
    })),
    counts: job.counts,
    outcomes: map(job.outcomes),
    reasons: map(job.reasons),
    batches,
    lastEvent: job.lastEvent,
  } as unknown as JobRecord
}

export function createdJob(packed: Packed): CreatedJob {
  const [job, replayed, sealed] = packed as Row
  return { job: jobRecord(job as Packed), replayed: replayed === true, sealed: sealed === true }
}

/** What a view says of where its payload is. */
const place = (jobId: string, block: Packed | undefined, position: Packed | undefined): PayloadPlace | undefined =>
  there(block) ? { jobId, block: block as string, position: position as number } : undefined

export const taskPayload = (jobId: string, packed: Packed): PayloadPlace | undefined =>
  place(jobId, (packed as Row)[5], (packed as Row)[6])
export const livePayload = (packed: Packed): PayloadPlace | undefined =>
  place((packed as Row)[3] as string, (packed as Row)[1], (packed as Row)[2])

/** Results as a view has them: texts, or the numbers of their parcels. */
export function* taskParcels(jobId: string, packed: Packed): Iterable<ParcelPlace> {
  for (const result of (packed as Row)[4] as Row) if (typeof result === 'number') yield { jobId, parcel: result }
}

export function taskRecord(jobId: string, packed: Packed, payload: string | undefined, parcels: Parcels): TaskRecord {
  const [index, place, attempts, lane, results, , , memo, reason, ref, waitUntil] = packed as Row
  return {
    jobId,
    index: index as number,
    place: place as TaskPlace,
    attempts: attempts as number,
    lane: lane as number,
    results: (results as Row).map((result) => resultOf(parcels, jobId, index as number, result)),
    ...(payload !== undefined && payload !== '' && { payload }),
    ...(there(memo) && { memo: memo as string }),
    ...(there(reason) && { reason: reason as string }),
    ...(there(ref) && { ref: ref as string }),
    ...(there(waitUntil) && { waitUntil: waitUntil as number }),
  }
}

const resultOf = (parcels: Parcels, jobId: string, index: number, result: Packed): string =>
  typeof result === 'number' ? parcels.result({ jobId, parcel: result }, index) : (result as string)

export const liveMemo = (packed: Packed): [jobId: string, stored: string] => [
  (packed as Row)[3] as string,
  (packed as Row)[16] as string,
]

export function liveRecord(packed: Packed, payload = '', whole: WholeMemo): LiveRecord {
  const [revision, , , jobId, index, ref, attempt, rank, state, unknown, choice, fencedAt, startBy, checkAt] =
    packed as Row
  const [callId, since, memo, notes] = (packed as Row).slice(14)
  return {
    ref,
    jobId,
    index,
    attempt,
    revision,
    rank,
    state,
    unknown,
    choice,
    startBy,
    fencedAt,
    checkAt,
    since,
    memo: whole(jobId as string, memo as string),
    payload,
    ...(there(callId) && { callId }),
    ...(there(notes) && { notes }),
  } as LiveRecord
}

/** Where the payloads of the tasks claimed in an exchange are. */
export function* claimedPayloads(packed: Packed): Iterable<PayloadPlace> {
  for (const [jobId, , , , , blocks] of (packed as Row)[3] as Row[]) {
    for (const block of blocks as string[]) yield { jobId: jobId as string, block, position: 0 }
  }
}

export function exchangeReply(
  packed: Packed,
  payloads: Payloads,
  request: Exchange,
): { reply: ExchangeReply; signals: [route: string, count: number][] } {
  const [now, reports, fences, claims, jobs, wakeAt, signals] = packed as Row
  const reply: ExchangeReply = {
    now: now as number,
    reports: request.reports.map((_, i) => (reports === true || (reports as string)[i] === 'a' ? 'applied' : 'stale')),
    fences: fencesOf(fences as Row, request.fences),
    claims: (claims as Row[]).map((group) => claimedGroup(group, payloads)),
    jobs: (jobs as Row[]).map(([id, state, reason, revision]) => ({
      id: id as string,
      state: state as string,
      revision: revision as number,
      ...(there(reason) && { reason: reason as string }),
    })),
    wakeAt: wakeAt as number,
  }
  return { reply, signals: signals as [string, number][] }
}

/** Answers to fences: the nonce, and then of each as many values as it needs. A zero: as the last one that was fenced. */
function fencesOf(told: Row, fences: Exchange['fences']): Fenced[] {
  const nonce = told[0] as string
  let [at, attempt, choice, startAt, startBy] = [1, 0, 0, 0, 0]
  return fences.map(({ claim }) => {
    const status = told[at++]
    if (status === 'gone') return { status }
    if (status === 'refused') {
      at += 2
      return { status, reasons: told[at - 2] as string[], retryAt: told[at - 1] as number }
    }
    if (status === 1) {
      at += 4
      ;[attempt, choice, startAt, startBy] = told.slice(at - 4, at) as [number, number, number, number]
    }
    const ref = `${claim.slice(0, claim.lastIndexOf(':'))}:${attempt}:${nonce}`
    return { status: 'fenced', ref, attempt, choice, startAt, startBy }
  })
}

/** Tasks of a group by runs: those that follow each other and have as many attempts and no memo are one. */
function claimedGroup(group: Row, payloads: Payloads): ClaimedGroup {
  const [jobId, route, revision, leaseUntil, tag, blocks] = group as [string, string, number, number, number, string[]]
  const tasks: ClaimedTask[] = []
  for (let at = 6; at < group.length; at += 6) {
    const [index, count, attempts, number, position] = group.slice(at, at + 5) as [
      number,
      number,
      number,
      number,
      number,
    ]
    const memo = group[at + 5]
    const block = blocks[number] as string
    for (let i = 0; i < count; i++) {
      const payload = payloadOf(payloads, { jobId, block, position: position + i })
      // Its job was removed in this moment: the claim is of no use.
      if (payload === undefined) continue
      const claim = `${jobId}:${index + i}:${tag}`
      const task: ClaimedTask = { claim, index: index + i, attempts, payload }
      tasks.push(there(memo) ? { ...task, memo: memo as string } : task)
    }
  }
  return { jobId, route, revision, leaseUntil, tasks }
}
