import type { RetryOptions, RetryRule, WindowOptions } from '@outdial/core'
import type { BatchCallBody } from './schema.js'

/** What a client said of how often and when people are called. */
export type Rules = Pick<BatchCallBody, 'timezone' | 'retry_config' | 'retry_rules' | 'quiet_hours'>

/** Attempts, the first included, where retries are asked for and nobody says how many. */
const DEFAULT_ATTEMPTS = 3
const MINUTE = 60_000

/** Attempts of tasks that say nothing of `max_retries`. */
export function attemptsOf({ retry_config, retry_rules = [] }: Rules): number {
  if (retry_config) return retry_config.enabled ? (retry_config.max_attempts ?? DEFAULT_ATTEMPTS) : 1
  return retry_rules.some(({ enabled }) => enabled) ? DEFAULT_ATTEMPTS : 1
}

/** When is called again: the rules say all of it. Without any, the engine's 5 and 30 minutes after no_answer and busy. */
export function retryOf({ retry_rules = [] }: Rules): RetryOptions | undefined {
  if (retry_rules.length === 0) return undefined
  const enabled = retry_rules.filter((rule) => rule.enabled)
  return Object.fromEntries(enabled.map(({ condition, retry_timing }) => [condition, retryRule(retry_timing)]))
}

type Timing = NonNullable<Rules['retry_rules']>[number]['retry_timing']

function retryRule(timing: Timing): RetryRule {
  if (timing.type === 'AFTER') return { delays: [timing.duration_minutes * MINUTE] }
  // A call that failed within the very minute is not repeated in it.
  return { at: timing.time, after: MINUTE }
}

/**
 * The calling window that quiet hours leave, in their zone. Retries at a time of day are read in the window's zone, so a
 * batch call that has them has a window that is always open.
 */
export function windowOf({ timezone = 'UTC', retry_rules = [], quiet_hours }: Rules): WindowOptions | null {
  if (quiet_hours?.enabled) return { hours: loudHours(quiet_hours), timezone: quiet_hours.timezone ?? timezone }
  const zoned = retry_rules.some(({ enabled, retry_timing }) => enabled && retry_timing.type === 'AT')
  return zoned ? { hours: '00:00-24:00', timezone } : null
}

/** The rest of a day. Quiet hours that end before they begin go over midnight. */
function loudHours(quiet: { start_time: string; end_time: string }): [string, string][] {
  const { start_time: start, end_time: end } = quiet
  const hours: [string, string][] =
    start > end
      ? [[end, start]]
      : [
          ['00:00', start],
          [end, '24:00'],
        ]
  return hours.filter(([from, to]) => from !== to)
}
