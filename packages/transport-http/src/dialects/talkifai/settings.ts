import { type Duration, OutdialError, parseDuration } from '@outdial/core'

/** What talks behind a number. */
export type Architecture = 'pipeline' | 'realtime'

/** How TalkifAI is spoken. */
export interface TalkifaiOptions {
  /** Dollars per minute of a call, by what talks. They are for estimates. Default 0.0175 and 0.035. */
  rates?: Partial<Readonly<Record<Architecture, number>>>
  /** Units of an account in a dollar. Default 100: balances are cents. */
  unitsPerDollar?: number
  /** Waits before the second attempt, the third and so on; the last repeats. Default `['5m', '30m']`. */
  retryDelays?: readonly Duration[]
  /**
   * What `estimatedCompletionTime` counts from. `now` (default). `start`: as the service documents it, which is in the past
   * as soon as half of the contacts are done.
   */
  completionFrom?: 'now' | 'start'
}

/** The options, checked and completed. */
export interface Settings {
  rates: Readonly<Record<Architecture, number>>
  unitsPerDollar: number
  retryDelays: readonly number[]
  completionFrom: 'now' | 'start'
}

/** Throws `invalid_options` naming the option. */
export function settingsOf(options: TalkifaiOptions): Settings {
  const { rates, unitsPerDollar = 100, retryDelays = ['5m', '30m'], completionFrom = 'now' } = options
  const { pipeline = 0.0175, realtime = 0.035 } = rates ?? {}
  check(pipeline >= 0 && pipeline < 1e6, 'rates.pipeline', 'expected dollars per minute, from 0 on')
  check(realtime >= 0 && realtime < 1e6, 'rates.realtime', 'expected dollars per minute, from 0 on')
  check(unitsPerDollar > 0 && unitsPerDollar < 1e9, 'unitsPerDollar', 'expected a number above 0')
  check(retryDelays.length > 0, 'retryDelays', 'names no delay')
  check(completionFrom === 'now' || completionFrom === 'start', 'completionFrom', "expected 'now' or 'start'")
  return {
    rates: { pipeline, realtime },
    unitsPerDollar,
    retryDelays: retryDelays.map((delay, i) => parseDuration(delay, `retryDelays[${i}]`)),
    completionFrom,
  }
}

function check(ok: boolean, field: string, problem: string): void {
  if (!ok) throw new OutdialError('invalid_options', `${field}: ${problem}`, { field })
}
