import { checkCalls } from './check-calls.js'
import { checkCaps } from './check-caps.js'
import { checkCounters } from './check-counters.js'
import { checkEvents } from './check-events.js'
import { checkLive } from './check-live.js'
import { checkMoney } from './check-money.js'
import { checkPace } from './check-pace.js'
import { checkPolicy } from './check-policy.js'
import { checkRest } from './check-rest.js'
import { checkTasks } from './check-tasks.js'
import type { Evidence, Wrong } from './evidence.js'

/** What was found, by what is wrong. */
export type Verdict = Readonly<Record<Wrong, readonly string[]>>

const CHECKS = [
  checkCalls,
  checkTasks,
  checkLive,
  checkPace,
  checkCaps,
  checkMoney,
  checkPolicy,
  checkRest,
  checkCounters,
  checkEvents,
]

/** Compares what the store says with what the carrier did. */
export function judge(evidence: Evidence): Verdict {
  const verdict: Record<Wrong, string[]> = {
    lost: [],
    duplicate: [],
    unknown: [],
    limit: [],
    policy: [],
    counters: [],
    events: [],
  }
  for (const check of CHECKS) check(evidence, (wrong, message) => verdict[wrong].push(message))
  return verdict
}

/** Everything that was found. */
export function violations(verdict: Verdict): string[] {
  return Object.entries(verdict).flatMap(([wrong, messages]) => messages.map((message) => `${wrong}: ${message}`))
}
