import type {
  ClaimedGroup,
  CreatedJob,
  ExchangeReply,
  Fenced,
  JobRecord,
  LiveRecord,
  StoredEvent,
  StoredEventData,
  TaskPlace,
  TaskRecord,
} from '@outdial/core'
import type { Packed } from './msgpack.js'
import { type PayloadPlace, payloadOf } from './payload-blocks.js'

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

export function taskRecord(jobId: string, packed: Packed, payload: string | undefined): TaskRecord {
  const [index, place, attempts, lane, results, , , memo, reason, ref, waitUntil] = packed as Row
  return {
    jobId,
    index: index as number,
    place: place as TaskPlace,
    attempts: attempts as number,
    lane: lane as number,
    results: results as string[],
    ...(payload !== undefined && payload !== '' && { payload }),
    ...(there(memo) && { memo: memo as string }),
    ...(there(reason) && { reason: reason as string }),
    ...(there(ref) && { ref: ref as string }),
    ...(there(waitUntil) && { waitUntil: waitUntil as number }),
  }
}

export function liveRecord(packed: Packed, payload = ''): LiveRecord {
  const [revision, , , jobId, index, ref, attempt, rank, state, unknown, choice, fencedAt, startBy, checkAt] =
    packed as Row
  const [callId, since, memo] = (packed as Row).slice(14)
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
    memo,
    payload,
    ...(there(callId) && { callId }),
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
): { reply: ExchangeReply; signals: [route: string, count: number][] } {
  const [now, reports, fences, claims, jobs, wakeAt, signals] = packed as Row
  const reply: ExchangeReply = {
    now: now as number,
    reports: (reports as boolean[]).map((applied) => (applied ? 'applied' : 'stale')),
    fences: (fences as Row[]).map(fenced),
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

function fenced([status, ...rest]: Row): Fenced {
  if (status === 'gone') return { status }
  if (status === 'refused') {
    const [reasons, retryAt] = rest
    return { status, reasons: reasons as string[], retryAt: retryAt as number }
  }
  const [ref, attempt, choice, startAt, startBy] = rest as [string, number, number, number, number]
  return { status: 'fenced', ref, attempt, choice, startAt, startBy }
}

function claimedGroup(group: Row, payloads: Payloads): ClaimedGroup {
  const [jobId, route, revision, leaseUntil, tag, blocks, tasks] = group as [
    string,
    string,
    number,
    number,
    number,
    string[],
    Row[],
  ]
  return {
    jobId,
    route,
    revision,
    leaseUntil,
    tasks: tasks.flatMap(([index, attempts, number, position, memo]) => {
      const place = { jobId, block: blocks[number as number] as string, position: position as number }
      const payload = payloadOf(payloads, place)
      // Its job was removed in this moment: the claim is of no use.
      if (payload === undefined) return []
      return {
        claim: `${jobId}:${index}:${tag}`,
        index: index as number,
        attempts: attempts as number,
        payload,
        ...(there(memo) && { memo: memo as string }),
      }
    }),
  }
}

/** The facts of each type of event, by position. A question mark: may not be there. */
const EVENTS: Readonly<Record<StoredEventData['type'], readonly string[]>> = {
  job: ['state', 'reason?', 'revision'],
  changed: ['revision', 'note?'],
  added: ['first', 'count', 'key'],
  claimed: ['indexes'],
  returned: ['index', 'waitUntil', 'reasons?'],
  fenced: ['index', 'ref', 'choice', 'startAt', 'memo'],
  refused: ['index', 'reasons', 'retryAt'],
  progress: ['index', 'ref', 'state'],
  closed: ['index', 'ref', 'placed', 'outcome', 'result', 'waitUntil?'],
  note: ['index', 'ref', 'id', 'data'],
  ended: ['index', 'terminal', 'reason'],
  swept: ['count', 'terminal', 'reason'],
}

export function storedEvents(after: number, entries: Packed): StoredEvent[] {
  return (entries as Row[]).map(([at, data], i) => {
    const [type, ...facts] = data as [StoredEventData['type'], ...Row]
    const told: Record<string, unknown> = { type }
    for (const [position, name] of EVENTS[type].entries()) {
      const optional = name.endsWith('?')
      if (optional && !there(facts[position])) continue
      told[optional ? name.slice(0, -1) : name] = facts[position]
    }
    return { seq: after + 1 + i, at: at as number, data: told as unknown as StoredEventData }
  })
}
