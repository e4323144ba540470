import { DialDecider } from '../calls/dial-decider.js'
import type { Host } from '../engine/host.js'
import { type CallSpec, type JobContext, jobContext } from '../jobs/spec.js'
import { callTaskSnapshot } from '../jobs/task-view.js'
import { isJobOver, type JobState } from '../lifecycle/job.js'
import { formatInstant } from '../policy/instant.js'
import type { Contact } from '../ports/contacts.js'
import type { JobRecord } from '../ports/storage-jobs.js'
import type { Hold } from '../ports/storage-limits.js'
import type { StoredEvent, TaskRecord } from '../ports/storage-read.js'
import { type DialBlock, lastUntil } from './blocks.js'
import { candidateOf, waitsOf } from './candidate.js'
import { explainAttempts } from './explain-attempts.js'
import type { Coming, Explanation, RecordedDecision, Standing } from './explanation.js'
import { funded } from './funded.js'
import { jobBlocks } from './job-blocks.js'
import { type Candidate, holdBlocks, judge, type KnownRates, partsOf } from './judge.js'
import { type Outlook, Outlooks } from './outlook.js'
import { FactReader, type StoreFacts } from './store-facts.js'
import { Taken } from './taken.js'
import { taskEvents } from './task-events.js'
import { blockWords, endWords } from './words.js'

const DECISIONS = 50

/** Says why a contact was called or not, and what comes next, from what is recorded and from the store as it is. Reads only. */
export async function explain<Variables>(
  host: Host,
  record: JobRecord,
  spec: CallSpec,
  task: TaskRecord,
  rates?: KnownRates,
): Promise<Explanation<Variables>> {
  const job = jobContext(record, spec)
  const at = host.now()
  const snapshot = callTaskSnapshot<Variables>(job, task)
  const moments = snapshot.calls.flatMap(({ fencedAt, endedAt = fencedAt }) => [fencedAt, endedAt])
  const log = await taskEvents(host, record.id, task.index, moments)
  const [live] = task.ref === undefined ? [] : await host.storage.load([task.ref])
  const contact = task.payload === undefined ? undefined : (JSON.parse(task.payload) as Contact)
  const attempts = explainAttempts({
    task: snapshot,
    timezone: contact?.timezone,
    spec,
    events: log.events,
    liveMemo: live?.memo,
  })
  const standing = await standingOf(host, record, job, task, at, rates)
  const before = attempts.map(({ detail }) => detail).join(' ')
  return {
    at,
    task: snapshot,
    attempts,
    decisions: log.events.flatMap(decisionOf).slice(-DECISIONS),
    standing,
    // What ended it is said with its last call, if that did.
    detail:
      standing.status === 'ended' && attempts.at(-1)?.followed?.status === 'ended'
        ? before
        : `${before} ${standing.detail}`.trim(),
    complete: log.complete,
  }
}

function decisionOf({ at, data }: StoredEvent): RecordedDecision[] {
  if (data.type === 'refused') {
    const { reasons, retryAt } = data
    return [{ at, kind: 'refused', reasons, ...(Number.isFinite(retryAt) && { until: retryAt }) }]
  }
  if (data.type !== 'returned' || data.reasons === undefined) return []
  return [{ at, kind: 'returned', reasons: data.reasons, ...(data.waitUntil > 0 && { until: data.waitUntil }) }]
}

async function standingOf(
  host: Host,
  record: JobRecord,
  job: JobContext<CallSpec>,
  task: TaskRecord,
  at: number,
  rates: KnownRates | undefined,
): Promise<Standing> {
  const { place, ref, reason = '' } = task
  if (place === 'claimed') return { status: 'claimed', detail: 'A process has it in hand and decides about it now.' }
  if (place === 'active' || place === 'unknown') {
    const unknown = place === 'unknown'
    const detail = unknown
      ? 'Nobody can say what became of its call; it is not called again before that is known.'
      : 'It is being called.'
    return { status: 'live', ref: ref ?? '', unknown, detail }
  }
  if (place !== 'fresh' && place !== 'deferred') {
    const ends = { state: place, reason }
    return { status: 'ended', ends, detail: endWords(ends) }
  }
  return waiting(host, record, candidateOf(job, task, rates), task, at)
}

async function waiting(
  host: Host,
  record: JobRecord,
  candidate: Candidate,
  task: TaskRecord,
  at: number,
): Promise<Standing> {
  const decider = new DialDecider({ zones: host.zones })
  const reader = new FactReader(host.storage)
  const facts = funded(await reader.read([partsOf(candidate, at, decider)]), candidate.job)
  const gates = record.gates.flatMap(({ slots, rate }) => [
    { key: slots, n: 1 },
    { key: rate, n: 1 },
  ])
  const room = await reader.readHolds(gates)
  const holds = isJobOver(record.phase.state as JobState) ? [] : jobBlocks(record, at)
  const waits = waitsOf(candidate, task, at)
  const { own, stores } = judge(candidate, at, facts, new Taken(at), decider, true)
  // A contact's own time is told of once.
  const rest = own.filter(({ code }) => !waits.some((wait) => wait.code === code))
  const blocks = [...holds, ...waits, ...rest, ...stores, ...gateBlocks(gates, room, at)]
  const allowed = coming(new Outlooks(new Taken(at), host.zones).of(candidate, at, facts, waits))
  const goes = lastUntil(holds)
  const next: Coming =
    goes === Number.POSITIVE_INFINITY
      ? { status: 'stuck', because: holds[0] as DialBlock }
      : coming(new Outlooks(new Taken(at), host.zones).of(candidate, Math.max(at, goes), facts, waits))
  return { status: 'waiting', blocks, next, allowed, detail: sentence(blocks, next, at) }
}

/** What every call of the job passes: how many are live, and how fast they begin. */
function gateBlocks(gates: readonly Hold[], room: StoreFacts, at: number): DialBlock[] {
  return gates.flatMap((hold) => holdBlocks(hold, at, room, new Taken(at)))
}

function coming(outlook: Outlook): Coming {
  if (outlook.status === 'dial') return { status: 'dial', at: outlook.at }
  if (outlook.status === 'ends') return { status: 'ends', at: outlook.at, ends: outlook.ends }
  return { status: 'stuck', because: outlook.because }
}

function sentence(blocks: readonly DialBlock[], next: Coming, now: number): string {
  if (blocks.length === 0) return 'It waits for its turn, and nothing says no.'
  const waits = `It waits: ${blockWords(blocks)}.`
  if (next.status === 'stuck') return `${waits} It is not dialed before somebody does something.`
  if (next.status === 'ends') return `${waits} It will end as ${next.ends.state} (${next.ends.reason}) without a call.`
  return next.at <= now ? waits : `${waits} It may be dialed from ${formatInstant(next.at)} on.`
}
