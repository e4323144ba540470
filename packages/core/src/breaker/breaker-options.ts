import * as z from 'zod'
import { type Duration, durationBetween, HOUR, MINUTE, SECOND } from '../policy/duration.js'
import { parseOptions } from '../policy/options.js'

/**
 * When a route, or a number on it, is taken for broken: too many of its calls end with trouble that is not the contact's (`network_error`,
 * `carrier_error`, refused as throttled or unavailable, lost). Then only a probe is placed now and then, until those go well.
 */
export interface BreakerOptions {
  /** The calls of this span of time are looked at. Default `'1m'`. */
  window?: Duration | undefined
  /** Fewer calls than this say nothing. Default 20. */
  minimum?: number | undefined
  /** Share of them that may fail, above 0 to 1. Reached: broken. Default 0.5. */
  failures?: number | undefined
  /** A probe is placed so often. Default `'15s'`. */
  probeEvery?: Duration | undefined
  /** So many probes have to go well. Each that does doubles the rate of the next. Default 3. */
  successes?: number | undefined
}

/** {@link BreakerOptions} in milliseconds. */
export interface BreakerRules {
  readonly window: number
  readonly minimum: number
  readonly failures: number
  readonly probeEvery: number
  readonly successes: number
}

const schema = z
  .strictObject({
    window: durationBetween(SECOND, HOUR).optional(),
    minimum: z.int().min(1).max(1_000_000).optional(),
    failures: z.number().gt(0).max(1).optional(),
    probeEvery: durationBetween(SECOND, HOUR).optional(),
    successes: z.int().min(1).max(20).optional(),
  })
  .transform((given): BreakerRules => {
    const { window = MINUTE, minimum = 20, failures = 0.5, probeEvery = 15 * SECOND, successes = 3 } = given
    return { window, minimum, failures, probeEvery, successes }
  })

/** Reads the engine's option; `false`: nothing is ever taken for broken. */
export function breakerRules(options: BreakerOptions | false = {}): BreakerRules | undefined {
  return options === false ? undefined : parseOptions(schema as unknown as z.ZodType<BreakerRules>, options, 'breaker')
}
