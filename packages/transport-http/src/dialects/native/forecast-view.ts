import { formatInstant } from '@outdial/core'
import type { ForecastAnswer } from '../../forecaster.js'
import { time } from './job-view.js'

/** A forecast as `/v1` shows it: instants as ISO 8601, and nothing that a host's forecaster says beside. */
export function forecastView(job: string, told: ForecastAnswer): Record<string, unknown> {
  const { at, from, assumed, sample, beginsAt, endsAt, calls, minutes, cost, contacts, byOutcome, hours } = told
  return {
    job,
    ...time('at', at),
    ...time('from', from),
    assumed,
    sample,
    ...time('beginsAt', beginsAt),
    ...(endsAt && {
      endsAt: {
        low: formatInstant(endsAt.low),
        expected: formatInstant(endsAt.expected),
        high: formatInstant(endsAt.high),
      },
    }),
    calls,
    minutes,
    ...(cost && { cost }),
    contacts,
    byOutcome,
    hours: hours.map(({ at: begins, ...counted }) => ({ ...time('at', begins), ...counted })),
  }
}
