import * as z from 'zod'
import { DialDecider } from '../calls/dial-decider.js'
import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import { type CallSpec, type JobContext, jobContext } from '../jobs/spec.js'
import { isJobOver, type JobState } from '../lifecycle/job.js'
import { estimateCost } from '../money/estimate.js'
import type { RateTable } from '../money/rates.js'
import { DAY, type Duration, durationBetween } from '../policy/duration.js'
import { parseObject } from '../policy/objects.js'
import { parseOptions } from '../policy/options.js'
import type { JobRecord } from '../ports/storage-jobs.js'
import type { TaskPlace } from '../ports/storage-read.js'
import { type DialBlock, lastUntil } from './blocks.js'
import { breather } from './breather.js'
import { candidateOf, waitsOf } from './candidate.js'
import { funded } from './funded.js'
import { jobBlocks } from './job-blocks.js'
import { type Candidate, type KnownRates, partsOf } from './judge.js'
import { Outlooks } from './outlook.js'
import { type PreflightReason, ReasonTally } from './reason-tally.js'
import { FactReader } from './store-facts.js'
import { Taken } from './taken.js'

/** How a preflight is taken. */
export interface PreflightOptions {
  /** Look at so many waiting contacts at most, the first ones; see {@link Preflight.complete}. Default: all. */
  limit?: number | undefined
  /** Look for so long at most, likewise. Default: as long as it takes. */
  within?: Duration | undefined
  /** Contacts named as examples of each reason. Default 3, at most 100. */
  examples?: number | undefined
  /** Stops it: `aborted`. */
  signal?: AbortSignal | undefined
}

/** What would become of each contact of a campaign at its next turn. Instants in milliseconds since the epoch. */
export interface Preflight {
  jobId: string
  state: JobState
  /** When it was taken: lists, caps and money may change after. */
  at: number
  /** From when on nobody is called before: now, or when the campaign starts or goes on by itself. */
  from: number
  /** Why the campaign as a whole does not dial now. */
  holds: readonly DialBlock[]
  contacts: {
    total: number
    /** Have ended before. */
    ended: number
    /** Are being called right now. */
    live: number
    /** Wait, and were looked at. The sum of the next four. */
    looked: number
    /** Would be dialed from `from` on, as soon as there is room. */
    dial: number
    /** Would be dialed later, by reason. */
    deferred: number
    /** Would end without a call. */
    skipped: number
    /** Would wait until somebody does something. */
    stuck: number
  }
  /** Why, most contacts first. Each contact counts once: under what says no for longest. */
  reasons: readonly PreflightReason[]
  /** What calling those that would be dialed, now or later, may cost in all; where the rates of the carrier are known. */
  cost?: PreflightCost
  /** Instants from which on deferred contacts may be dialed, soonest first: 100 at most, the last standing for the rest. */
  openings: readonly { at: number; contacts: number }[]
  /** False when there are more contacts than were looked at. */
  complete: boolean
}

/** See `estimateCost`: with all attempts that each contact has left. In the account's smallest unit. */
export interface PreflightCost {
  min: number
  expected: number
  max: number
}

const PAGE = 500
const optionsSchema = z.strictObject({
  limit: z.int().min(1).optional(),
  within: durationBetween(1, DAY).optional(),
  examples: z.int().min(0).max(100).optional(),
})
const WAITING: readonly TaskPlace[] = ['fresh', 'deferred']

/** Looks at every contact of a job that waits. Reads in batches, keeps counts, and changes nothing. */
export async function preflight(
  host: Host,
  record: JobRecord,
  spec: CallSpec,
  options: PreflightOptions,
  rates?: KnownRates,
): Promise<Preflight> {
  const { signal, ...numbers } = parseObject(options, 'options')
  const given = parseOptions(optionsSchema, numbers, '')
  const { limit = Number.POSITIVE_INFINITY, within = Number.POSITIVE_INFINITY, examples = 3 } = given
  const job: JobContext<CallSpec> = jobContext(record, spec)
  const at = host.now()
  const holds = isJobOver(record.phase.state as JobState) ? [] : jobBlocks(record, at)
  const goes = lastUntil(holds)
  const from = goes < Number.POSITIVE_INFINITY ? Math.max(at, goes) : at
  const tally = new ReasonTally(examples)
  const outlooks = new Outlooks(new Taken(at), host.zones)
  const facts = new FactReader(host.storage)
  const decider = new DialDecider({ zones: host.zones })
  const breathe = breather(host)
  const { clock } = host
  const patience = clock.monotonic() + within
  const cost: PreflightCost = { min: 0, expected: 0, max: 0 }
  let looked = 0
  let cursor: string | undefined
  do {
    if (signal?.aborted) throw new OutdialError('aborted', `Stopped looking at job ${record.id}.`, { jobId: record.id })
    const max = Math.min(PAGE, limit - looked)
    const page = await host.storage.scanTasks(record.id, {
      places: WAITING,
      max,
      ...(cursor !== undefined && { cursor }),
    })
    const waiting = page.items.filter(({ payload }) => payload !== undefined)
    const candidates = waiting.map((task) => candidateOf(job, task, rates))
    const dialed: Candidate[] = []
    const said = funded(await facts.read(candidates.map((candidate) => partsOf(candidate, from, decider))), job)
    for (const [i, candidate] of candidates.entries()) {
      const waits = waitsOf(candidate, waiting[i] as (typeof waiting)[number], from)
      const outlook = outlooks.of(candidate, from, said, waits)
      tally.add(candidate, outlook, from)
      if (outlook.status === 'dial') dialed.push(candidate)
    }
    if (rates?.table) addCost(cost, dialed, rates.table, spec)
    looked += waiting.length
    cursor = page.cursor
    await breathe()
  } while (cursor !== undefined && looked < limit && clock.monotonic() < patience)
  const { total, fresh, deferred, claimed, active, unknown } = record.counts
  const live = claimed + active + unknown
  return {
    jobId: record.id,
    state: record.phase.state as JobState,
    at,
    from,
    holds,
    contacts: { total, ended: total - fresh - deferred - live, live, looked, ...tally.counts },
    reasons: tally.reasons(),
    ...(rates?.table && { cost }),
    openings: tally.openings(),
    complete: cursor === undefined,
  }
}

function addCost(sum: PreflightCost, dialed: readonly Candidate[], rates: RateTable, spec: CallSpec): void {
  const contacts = dialed.map(({ contact: { phone, attempts = spec.attempts }, retry }) => ({
    phone,
    attempts: Math.max(0, attempts - retry.burned),
  }))
  const { min, expected, max } = estimateCost({
    contacts,
    rates,
    attempts: spec.attempts,
    maxDuration: spec.maxDuration,
  })
  sum.min += min
  sum.expected += expected
  sum.max += max
}
