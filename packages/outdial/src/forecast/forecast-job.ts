import { type CallJob, OutdialError } from '@outdial/core'
import type { OutcomeMix } from '@outdial/simulation'
import { type Assumptions, assumed, type Outlook } from './assumptions.js'
import { byRate } from './by-rate.js'
import { type Prospect, prospectOf } from './estimates.js'
import { HOUR, oneRun, type RunResult, type Setting } from './one-run.js'
import { plant } from './plant.js'

/** How to look ahead for a campaign that is stored. */
export interface JobForecastOptions {
  /** What people and networks are taken to do. Default: what has come of the campaign's own calls, once there are 50. */
  assume?: Assumptions | undefined
  /** How far to look, in days. What has not ended by then counts as open. Default 30. */
  days?: number | undefined
  /**
   * So many of the contacts that remain are run, evenly spread, and stand for all of them; what they share (slots, pace, money) is divided
   * likewise. A campaign that may have few calls at once cannot be divided that far, and is run with more. Default 20,000.
   */
  sample?: number | undefined
  /** So many runs, each with a chance of its own: as assumed, with fewer and with more answers, and again. Default 3, at most 30. */
  runs?: number | undefined
  /** Stops it: `aborted`. */
  signal?: AbortSignal | undefined
}

/** What a campaign that is stored will probably still come to. */
export interface JobForecast extends Prospect {
  jobId: string
  /** When it was taken, and from when on anybody is called. Milliseconds since the epoch. */
  at: number
  from: number
  /** Weights of what comes of calls, and whose they are. */
  assumed: { outcomes: OutcomeMix; from: 'given' | 'job' | 'default' }
  /** Contacts that were run, and those they stand for: all that have not ended. */
  sample: { contacts: number; of: number }
}

const DAY = 24 * HOUR
const OUTLOOKS: readonly Outlook[] = ['expected', 'low', 'high']
/** Fewer calls than that say nothing of those to come. */
const ENOUGH = 50

/** See `forecast`. */
export async function forecastJob(
  job: Pick<CallJob, 'id' | 'seed'>,
  { assume = {}, days = 30, sample = 20_000, runs = 3, signal }: JobForecastOptions = {},
): Promise<JobForecast> {
  whole('runs', runs, 30)
  whole('sample', sample, 10_000_000)
  if (!(days > 0 && days <= 3660)) throw invalid('days', `expected a number above 0, up to 3,660, not ${days}`)
  assumed(assume)
  const seed = await job.seed({ sample, signal })
  const seen = assume.outcomes ? undefined : ofItsOwn(seed.outcomes)
  const assumptions = assumed({ ...assume, ...(seen && { outcomes: seen }) })
  const common = {
    jobId: job.id,
    at: seed.at,
    from: seed.from,
    assumed: { outcomes: assumptions.outcomes, from: assume.outcomes ? 'given' : seen ? 'job' : 'default' } as const,
    sample: { contacts: seed.tasks.length, of: seed.remaining },
  }
  const priced = assume.costPerMinute !== undefined || seed.rates !== undefined
  if (seed.tasks.length === 0) return { ...common, ...prospectOf([NOTHING], priced) }
  const setting: Setting = {
    route: seed.job.route,
    // Booked by the rates: the simulated carrier's own price is the forecast's.
    engine: seed.rates ? { rates: { [seed.job.route]: byRate(seed.rates) } } : {},
    assumed: assumptions,
    from: seed.from,
    span: days * DAY,
    signal,
  }
  const results: RunResult[] = []
  for (let run = 0; run < runs; run++) {
    const outlook = OUTLOOKS[run % OUTLOOKS.length] as Outlook
    results.push(await oneRun(setting, outlook, `${assumptions.seed} ${run}`, (stage) => plant(stage, seed)))
  }
  const each = seed.remaining / seed.tasks.length
  return { ...common, ...prospectOf(results as [RunResult, ...RunResult[]], priced, each) }
}

const NOTHING: RunResult = {
  calls: 0,
  talked: 0,
  cost: 0,
  contacts: { total: 0, succeeded: 0, failed: 0, skipped: 0, expired: 0, open: 0 },
  byOutcome: {},
  hours: new Map(),
}

/** What has come of the campaign's calls so far, if there were enough of them. */
function ofItsOwn(outcomes: Readonly<Record<string, number>>): OutcomeMix | undefined {
  const seen = Object.entries(outcomes).filter(([name]) => name !== 'outcome_unknown')
  const calls = seen.reduce((sum, [, count]) => sum + count, 0)
  if (calls < ENOUGH) return undefined
  return Object.fromEntries(seen.map(([name, count]) => [name, count / calls]))
}

function whole(field: string, given: number, most: number): void {
  if (!(Number.isInteger(given) && given >= 1 && given <= most)) {
    throw invalid(field, `expected a whole number from 1 to ${most}, not ${given}`)
  }
}

function invalid(field: string, problem: string): OutdialError {
  return new OutdialError('invalid_options', `${field}: ${problem}`, { field })
}
