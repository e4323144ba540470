import { contactReader } from '@outdial/contacts'
import {
  type CallJob,
  type CallJobOptions,
  type EngineOptions,
  type IntakeReport,
  OutdialError,
  type RateSheet,
  type RateTable,
  type SuppressionNumbers,
} from '@outdial/core'
import type * as z from 'zod'
import { type Assumptions, assumed, type Outlook } from './assumptions.js'
import { byRate } from './by-rate.js'
import { type Prospect, prospectOf } from './estimates.js'
import { forecastJob, type JobForecast, type JobForecastOptions } from './forecast-job.js'
import { HOUR, oneRun, type Setting } from './one-run.js'
import { readOnce } from './read-once.js'

/** A campaign to look ahead for: the options of one, without what only a stored one has. */
export interface ForecastOptions<Schema extends z.ZodType = z.ZodType<Record<string, unknown>>>
  extends Omit<
    CallJobOptions<Schema>,
    'carrier' | 'account' | 'reserve' | 'idempotencyKey' | 'fingerprint' | 'review' | 'keepOpen' | 'name' | 'onRow'
  > {
  /** What people and networks are taken to do. */
  assume?: Assumptions
  /** When to look ahead from, milliseconds since the epoch. Default: now. */
  at?: number
  /** The limits of the engine that will run it, and the paces of its routes: the campaign's is `forecast`. Default: none. */
  limits?: EngineOptions['limits']
  /** What calls cost: then it has budgets, and its cost is what they make of calls. Default: `assume.costPerMinute`, without budgets. */
  rates?: RateSheet | RateTable
  /** Numbers that are not called, as on everybody's do-not-call list. Read once. Default: none. */
  suppress?: SuppressionNumbers
  /** How far to look from its start on, in days. What has not ended by then counts as open. Default 30. */
  days?: number
}

/** What a campaign will probably come to. */
export interface Forecast extends Prospect {
  /** What became of the rows. */
  intake: IntakeReport
}

const DAY = 24 * HOUR
/**
 * Looks ahead: runs the campaign with the real engine (its windows, limits, retries, pace) on a clock that jumps, three
 * times: as assumed, and with fewer and more answers. Nothing is stored and no one is called. The contacts are read once.
 *
 * Errors: those of `calls.create` but `unknown_carrier`; `invalid_options` for what is assumed.
 */
export function forecast<Schema extends z.ZodType>(options: ForecastOptions<Schema>): Promise<Forecast>
/**
 * Looks ahead for a campaign that is stored, a draft or one that runs: for the contacts that have not ended, with what they have been
 * called so far, its limits as they are stored and its lists as they are. Nothing of it is changed and no one is called.
 *
 * Errors: `invalid_options`, `aborted`, `job_not_found`.
 */
export function forecast(job: Pick<CallJob, 'id' | 'seed'>, options?: JobForecastOptions): Promise<JobForecast>
export function forecast(
  of: ForecastOptions<z.ZodType> | Pick<CallJob, 'id' | 'seed'>,
  options?: JobForecastOptions,
): Promise<Forecast | JobForecast> {
  return 'seed' in of ? forecastJob(of, options) : forecastOptions(of)
}

async function forecastOptions(options: ForecastOptions<z.ZodType>): Promise<Forecast> {
  const { assume, at = Date.now(), limits, rates, suppress, days = 30, start = 'now', ...campaign } = options
  if (!(days > 0 && days <= 3660)) {
    throw new OutdialError('invalid_options', `days: expected a number above 0, up to 3,660, not ${days}`, {
      field: 'days',
    })
  }
  const assumptions = assumed(assume)
  const setting: Setting = {
    route: 'forecast',
    engine: {
      contacts: readOnce(contactReader()),
      ...(limits && { limits }),
      ...(rates && { rates: { forecast: byRate(rates) } }),
    },
    assumed: assumptions,
    from: at,
    span: days * DAY,
  }
  const created = {
    ...campaign,
    name: 'Forecast',
    start: start === 'draft' ? 'now' : start,
    carrier: 'forecast',
  } as CallJobOptions
  const listed = suppress && (await allOf(suppress))
  let intake: IntakeReport | undefined
  const run = (outlook: Outlook) =>
    oneRun(setting, outlook, assumptions.seed, async ({ engine }) => {
      if (listed) await engine.suppression.add(listed)
      const job = await engine.calls.create(created)
      intake ??= job.intake
      return job
    })
  const runs = [await run('expected'), await run('low'), await run('high')] as const
  return {
    intake: intake as IntakeReport,
    ...prospectOf(runs, rates !== undefined || assume?.costPerMinute !== undefined),
  }
}

async function allOf(numbers: SuppressionNumbers): Promise<string[]> {
  const all: string[] = []
  for await (const some of numbers) for (const number of typeof some === 'string' ? [some] : some) all.push(number)
  return all
}
