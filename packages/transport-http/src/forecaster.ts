import type { CallJob, Outcome } from '@outdial/core'

/** What people and networks are taken to do. Durations in milliseconds; what is left out is the forecaster's to choose. */
export interface ForecastAssumptions {
  outcomes?: Partial<Record<Outcome, number>>
  uncertainty?: number
  ring?: readonly [least: number, most: number]
  talk?: readonly [least: number, most: number]
  costPerMinute?: number
  seed?: number | string
}

/** A number that nobody knows, with its range. */
export interface ForecastNumber {
  low: number
  expected: number
  high: number
}

/** What a stored campaign will probably still come to. Instants in milliseconds since the epoch. */
export interface ForecastAnswer {
  at: number
  from: number
  assumed: { outcomes: Partial<Record<Outcome, number>>; from: 'given' | 'job' | 'default' }
  sample: { contacts: number; of: number }
  beginsAt?: number
  endsAt?: ForecastNumber
  calls: ForecastNumber
  minutes: ForecastNumber
  cost?: ForecastNumber
  contacts: { total: number } & Record<'succeeded' | 'failed' | 'skipped' | 'expired' | 'open', ForecastNumber>
  byOutcome: Readonly<Record<string, number>>
  hours: readonly { at: number; calls: ForecastNumber; answered: ForecastNumber }[]
}

/**
 * Looks ahead for a stored campaign, as `forecast` of `outdial` does; the transport itself knows no simulation. It takes processor time:
 * bound it (`sample`), or do it in another thread. Rejects with `invalid_options` naming what is assumed wrongly.
 */
export type Forecaster = (
  job: CallJob,
  options: { assume?: ForecastAssumptions; days?: number; signal: AbortSignal },
) => Promise<ForecastAnswer>
