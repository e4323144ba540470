import * as z from 'zod'
import { DialDecider } from '../calls/dial-decider.js'
import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import { timersOf } from '../jobs/change-job.js'
import { type CallSpec, jobContext } from '../jobs/spec.js'
import { phaseOf } from '../lifecycle/phase.js'
import type { RateTable } from '../money/rates.js'
import { parseObject } from '../policy/objects.js'
import { parseOptions } from '../policy/options.js'
import type { JobRecord, LaneUpdate, NewJob } from '../ports/storage-jobs.js'
import type { Hold, Limit, LimitRule, ListEdit, ListedMember } from '../ports/storage-limits.js'
import type { TaskPlace, TaskRecord } from '../ports/storage-read.js'
import { lastUntil } from './blocks.js'
import { breather } from './breather.js'
import { candidateOf } from './candidate.js'
import { funded } from './funded.js'
import { jobBlocks } from './job-blocks.js'
import { type Candidate, type KnownRates, partsOf } from './judge.js'
import { FactReader, type StoreFacts } from './store-facts.js'

const sampleSchema = z.int().min(1).optional()

/** What is taken along of a job. */
export interface SeedOptions {
  /** So many of the contacts that remain at most, evenly spread; a whole number from 1. Default: all. */
  sample?: number | undefined
  signal?: AbortSignal | undefined
}

/** What remains of a campaign, as another store can take it up: for running it where nobody is called. */
export interface JobSeed {
  /** When it was taken, and from when on anybody may be called. */
  at: number
  from: number
  job: NewJob
  lanes: readonly LaneUpdate[]
  tasks: readonly SeedTask[]
  /** Limits that its calls pass or take, as they are stored. */
  limits: readonly Limit[]
  /** Those of its contacts who are on lists, and what the lists say of themselves. */
  lists: readonly { list: string; edit: ListEdit }[]
  /** What its calls cost, where it has budgets and this engine knows the rates. */
  rates?: RateTable
  /** Calls ended so far, by outcome. */
  outcomes: Readonly<Record<string, number>>
  /** Contacts that have not ended, and how many of them are in `tasks`. */
  remaining: number
}

/** A contact that has not ended; one that is being called right now as if it was yet to be. */
export interface SeedTask {
  key: string
  payload: string
  lane: number
  /** Not before: its own time, or the instant at which the caps that are used up admit it. */
  waitUntil: number
  memo?: string
}

const PAGE = 500
const OPEN: readonly TaskPlace[] = ['fresh', 'deferred', 'claimed', 'active', 'unknown']
/** A limit that is shared by so many may be divided by so much and still be one. */
const FEWEST_SLOTS = 5

/** Reads what remains of a job, and of the store what its fences would ask. Changes nothing. */
export async function jobSeed(
  host: Host,
  record: JobRecord,
  spec: CallSpec,
  options: SeedOptions = {},
  rates?: KnownRates,
): Promise<JobSeed> {
  const { sample: given, signal } = parseObject(options, 'options')
  const sample = parseOptions(sampleSchema, given, 'sample') ?? Number.POSITIVE_INFINITY
  const at = host.now()
  const job = jobContext(record, spec)
  const goes = lastUntil(jobBlocks(record, at))
  const from = goes < Number.POSITIVE_INFINITY ? Math.max(at, goes) : at
  const { total, fresh, deferred, claimed, active, unknown } = record.counts
  const remaining = total === 0 ? 0 : fresh + deferred + claimed + active + unknown
  const reader = new FactReader(host.storage)
  const gates = record.gates.flatMap(({ slots, rate }) => [slots, rate].map((key) => ({ key, n: 1 })))
  const limits = new Limits(await reader.readHolds(gates), gates)
  const every = Math.min(Math.ceil(remaining / sample), limits.mostDivided())
  const lists = new Lists()
  const tasks: SeedTask[] = []
  const decider = new DialDecider({ zones: host.zones })
  const breathe = breather(host)
  const draw = lot()
  let cursor: string | undefined
  do {
    if (signal?.aborted) throw new OutdialError('aborted', `Stopped looking at job ${record.id}.`, { jobId: record.id })
    const page = await host.storage.scanTasks(record.id, {
      places: OPEN,
      max: PAGE,
      ...(cursor !== undefined && { cursor }),
    })
    const waiting = page.items.flatMap((task) =>
      task.payload === undefined ? [] : [{ task, candidate: candidateOf(job, task, rates) }],
    )
    const chosen = every <= 1 ? waiting : waiting.filter(({ candidate }) => draw(candidate) % every === 0)
    const candidates = chosen.map(({ candidate }) => candidate)
    const parts = candidates.map((candidate) => partsOf(candidate, from, decider))
    const facts = funded(await reader.read(parts), job)
    for (const [i, candidate] of candidates.entries()) {
      const { all, anyOf, absent } = parts[i] as (typeof parts)[number]
      for (const hold of [...all, ...anyOf.flat()]) limits.learn(hold, facts)
      for (const { list, member } of absent) lists.learn(list, member, facts)
      tasks.push(seedTask(candidate, (chosen[i] as { task: TaskRecord }).task, all, facts))
    }
    cursor = page.cursor
    await breathe()
  } while (cursor !== undefined)
  const share = tasks.length === 0 ? 1 : remaining / tasks.length
  return {
    at,
    from,
    job: newJob(record, spec, rates),
    ...(spec.money && rates?.table && { rates: rates.table }),
    lanes: record.lanes,
    tasks,
    limits: limits.all(share),
    lists: lists.all(),
    outcomes: record.outcomes,
    remaining,
  }
}

/**
 * Numbers the contacts, so that every so many-th can be taken. Those of the same person get the same: what they share, such as a cap, is shared in
 * a part as it is in the whole.
 */
function lot(): (candidate: Candidate) => number {
  let drawn = 0
  return ({ contact: { externalId } }) => {
    if (externalId === undefined) return drawn++
    let hash = 0x811c9dc5
    for (let i = 0; i < externalId.length; i++) hash = Math.imul(hash ^ externalId.charCodeAt(i), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    return (hash ^ (hash >>> 13)) >>> 0
  }
}

function seedTask(
  { contact }: Candidate,
  { payload, lane, waitUntil = 0, memo }: TaskRecord,
  holds: readonly Hold[],
  facts: StoreFacts,
): SeedTask {
  let until = waitUntil
  for (const hold of holds) {
    const usage = facts.usage(hold)
    if (!usage || !('cap' in usage.rule) || (usage.counted ?? 0) < usage.rule.cap) continue
    if (Number.isFinite(usage.freeAt)) until = Math.max(until, usage.freeAt)
  }
  return {
    key: contact.phone.slice(1),
    payload: payload as string,
    lane,
    waitUntil: until,
    ...(memo !== undefined && memo !== '' && { memo }),
  }
}

function newJob(record: JobRecord, spec: CallSpec, rates: KnownRates | undefined): NewJob {
  const { id, organization, route, weight, gates, freshShare } = record as JobRecord & { freshShare?: number }
  const { money, ...free } = spec
  // No account is asked for more, and where no rates are known nothing is charged.
  const finite: CallSpec = { ...free, keepOpen: false, ...(money && rates?.table && { money: { zone: money.zone } }) }
  return {
    id,
    organization,
    route,
    spec: JSON.stringify(finite),
    weight,
    organizationWeight: 1,
    gates,
    limits: [],
    dedupe: true,
    ...(freshShare !== undefined && { freshShare }),
    phase: phaseOf('queued'),
    timers: timersOf(finite, false),
  }
}

/** The rules of the limits that calls of a job pass or take. */
class Limits {
  readonly #rules: Map<string, { rule: LimitRule; used: number }> = new Map()
  readonly #gates: readonly Hold[]

  constructor(facts: StoreFacts, gates: readonly Hold[]) {
    this.#gates = gates
    for (const gate of gates) this.learn(gate, facts)
  }

  learn(hold: Pick<Hold, 'key' | 'limit'>, facts: StoreFacts): void {
    const key = hold.limit ?? hold.key
    if (this.#rules.has(key)) return
    const usage = facts.usage(hold)
    if (!usage || 'none' in usage.rule) return
    // What a day has spent is counted under the day's own key, and there is more on the next.
    const used = hold.limit === undefined ? usage.spent + usage.held : 0
    this.#rules.set(key, { rule: usage.rule, used })
  }

  /** By how much the gates may be divided so that a part of the contacts behaves like all of them. */
  mostDivided(): number {
    let most = Number.POSITIVE_INFINITY
    for (const { key } of this.#gates) {
      const rule = this.#rules.get(key)?.rule
      if (rule && 'slots' in rule) most = Math.min(most, Math.max(1, Math.floor(rule.slots / FEWEST_SLOTS)))
    }
    return most
  }

  /** What many calls share is divided by `share`; what is counted for one person is not. */
  all(share: number): Limit[] {
    return [...this.#rules].map(([key, { rule, used }]) => ({ key, revision: 1, ...divided(rule, used, share) }))
  }
}

function divided(rule: LimitRule, used: number, share: number): LimitRule {
  if ('slots' in rule) return { slots: Math.max(1, Math.round(rule.slots / share)) }
  if ('rate' in rule) return { rate: rule.rate / share, burst: rule.burst }
  if ('money' in rule) return { money: Math.max(0, Math.floor((rule.money - used) / share)) }
  return rule
}

/** Lists, as far as the contacts of a job are on them. */
class Lists {
  readonly #edits: Map<string, { add: ListedMember[]; asOf?: number; maxAgeMs?: number }> = new Map()

  learn(list: string, member: string, facts: StoreFacts): void {
    let edit = this.#edits.get(list)
    if (!edit) {
      const { asOf, maxAgeMs } = facts.listState(list) ?? {}
      edit = { add: [], ...(asOf !== undefined && { asOf }), ...(maxAgeMs !== undefined && { maxAgeMs }) }
      this.#edits.set(list, edit)
    }
    const found = facts.member(list, member)
    if (found) edit.add.push(found)
  }

  all(): { list: string; edit: ListEdit }[] {
    return [...this.#edits]
      .filter(([, { add, maxAgeMs }]) => add.length > 0 || maxAgeMs !== undefined)
      .map(([list, edit]) => ({ list, edit }))
  }
}
