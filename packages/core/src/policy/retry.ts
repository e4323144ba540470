import { FINAL_OUTCOMES, INFRASTRUCTURE_OUTCOMES, type Outcome } from '../lifecycle/outcome.js'
import type { CallingWindow } from './calling-window.js'
import { DAY, HOUR, MINUTE, SECOND } from './duration.js'
import { anotherBlock, minuteAt, type TimeBlock } from './time-blocks.js'
import { instantOfLocal, offsetAt } from './zone.js'

/** When to call again, by outcome: made from `RetryOptions` by `retrySchema`, plain JSON. */
export interface RetryPolicy {
  /** An outcome without a plan is not retried. */
  readonly rules: Readonly<Partial<Record<Outcome, RetryPlan>>>
}

/** How the instant of a retry is found. Times in milliseconds; `max` retries after this outcome, absent: no such limit. */
export type RetryPlan = { readonly max?: number } & (
  | {
      readonly kind: 'delays'
      readonly delays: readonly number[]
      /** Absent: by how often this outcome came. */
      readonly by?: 'attempt'
      readonly jitter: number
    }
  | {
      readonly kind: 'exponential'
      readonly first: number
      readonly factor: number
      readonly longest: number
      readonly jitter: number
    }
  | { readonly kind: 'at'; readonly minute: number; readonly after: number; readonly spread: number }
  | { readonly kind: 'another'; readonly blocks: readonly TimeBlock[]; readonly after: number; readonly spread: number }
)

type AnotherTime = Extract<RetryPlan, { kind: 'another' }>

/** What is remembered of a task's ended attempts, plain JSON. */
export interface RetryMemo {
  /** Attempts that count. */
  readonly burned: number
  /** Attempts that count, by what came of them. */
  readonly byOutcome: Readonly<Partial<Record<Outcome, number>>>
  /** Infrastructure failures since the last attempt that counted. */
  readonly infrastructure: number
  /** Times of day of the tries, in minutes since midnight where the person is: for rules that ask for another. The last comes last. */
  readonly tried?: readonly number[]
  /** The number that called last, where the next call asks for it. */
  readonly from?: string
  /** A call from it was blocked: the contact is called from it or not at all. */
  readonly blocked?: true
}

/** The memo of a task that was never called. */
export const NO_ATTEMPTS: RetryMemo = { burned: 0, byOutcome: {}, infrastructure: 0 }

/** What is retried when a job does not say: as people expect of a phone, and never a machine that answered. */
export const DEFAULT_RETRY: RetryPolicy = {
  rules: {
    no_answer: { kind: 'delays', delays: [5 * MINUTE, 30 * MINUTE], jitter: 0 },
    busy: { kind: 'delays', delays: [5 * MINUTE, 30 * MINUTE], jitter: 0 },
  },
}

/** What is success when a job does not say. */
export const DEFAULT_SUCCESS: readonly Outcome[] = ['answered']

/** Infrastructure failures in a row after which a task is given up, when a job does not say: some eight hours of them. */
export const DEFAULT_INFRASTRUCTURE_LIMIT = 100

/** An attempt that has ended, and what decides about the next. */
export interface EndedAttempt {
  policy: RetryPolicy
  /** Attempts allowed in all, the first included. */
  attempts: number
  /** As it was before this attempt ended. */
  memo: RetryMemo
  outcome: Outcome
  /** When it ended. */
  at: number
  /** When it began, for rules that ask for another time of day. Default: when it ended. */
  startedAt?: number
  /** Zone of the called person. */
  zone: string
  /** When people may be called: a rule that asks for another time of day finds one at which they may. */
  windows?: readonly (CallingWindow | null)[]
  /** In `[0, 1)`, for jitter. */
  random: number
  /** Default `['answered']`. */
  successOutcomes?: readonly Outcome[]
  /** Infrastructure failures in a row after which the task fails. Default 100. */
  infrastructureLimit?: number
}

/** Why a task is called again. */
export type RetryReason = 'outcome_retried' | 'infrastructure'

/** Why a task fails. The first three are the final outcomes themselves. */
export type FailureReason =
  | 'invalid_number'
  | 'unwanted'
  | 'outcome_unknown'
  | 'infrastructure'
  | 'outcome_not_retried'
  | 'retries_for_outcome_exhausted'
  | 'attempts_exhausted'

/** What a task does after an attempt. */
export type AfterAttempt =
  | { next: 'succeeded'; reason: Outcome }
  | {
      next: 'retry'
      at: number
      reason: RetryReason
      /** What to remember, this attempt included. */
      memo: RetryMemo
    }
  | { next: 'failed'; reason: FailureReason }

/**
 * What a task does after an attempt has ended: pure, and total over all outcomes. The instant of a retry is a "not
 * before"; calling windows, caps and pace are decided when it comes.
 */
export function decideRetry(ended: EndedAttempt): AfterAttempt {
  const { policy, outcome, at, random } = ended
  if ((ended.successOutcomes ?? DEFAULT_SUCCESS).includes(outcome)) return { next: 'succeeded', reason: outcome }
  if (isFinal(outcome)) return fail(outcome)
  const memo = burn(ended.memo, outcome)
  if (INFRASTRUCTURE_OUTCOMES.has(outcome)) {
    if (memo.infrastructure >= (ended.infrastructureLimit ?? DEFAULT_INFRASTRUCTURE_LIMIT))
      return fail('infrastructure')
    return {
      next: 'retry',
      at: at + infrastructureBackoff(memo.infrastructure, random),
      reason: 'infrastructure',
      memo,
    }
  }
  const plan = policy.rules[outcome]
  if (plan === undefined) return fail('outcome_not_retried')
  const times = memo.byOutcome[outcome] ?? 1
  if (times > (plan.max ?? Number.POSITIVE_INFINITY))
    return fail(plan.max === 0 ? 'outcome_not_retried' : 'retries_for_outcome_exhausted')
  if (memo.burned >= ended.attempts) return fail('attempts_exhausted')
  if (plan.kind === 'another') return anotherTime(plan, memo, ended)
  const nth = plan.kind === 'delays' && plan.by === 'attempt' ? memo.burned : times
  return { next: 'retry', at: retryAt(plan, nth, ended), reason: 'outcome_retried', memo }
}

function fail(reason: FailureReason): AfterAttempt {
  return { next: 'failed', reason }
}

/** The memo after an attempt with this outcome. Infrastructure failures burn nothing; any other outcome ends their row. */
export function burn(memo: RetryMemo, outcome: Outcome): RetryMemo {
  if (INFRASTRUCTURE_OUTCOMES.has(outcome)) return { ...memo, infrastructure: memo.infrastructure + 1 }
  return {
    ...memo,
    burned: memo.burned + 1,
    byOutcome: { ...memo.byOutcome, [outcome]: (memo.byOutcome[outcome] ?? 0) + 1 },
    infrastructure: 0,
  }
}

const FIRST_BACKOFF = 2 * SECOND
const LONGEST_BACKOFF = 5 * MINUTE
const BACKOFF_JITTER = 0.3

/** Milliseconds to wait after the `count`-th infrastructure failure in a row: 2 s, doubling up to 5 min, ±30 %. */
export function infrastructureBackoff(count: number, random: number): number {
  return jittered(exponential(FIRST_BACKOFF, 2, LONGEST_BACKOFF, count), BACKOFF_JITTER, random)
}

/** Most times that are remembered; there are never more blocks. */
const MOST_TRIED = 24

function anotherTime(plan: AnotherTime, memo: RetryMemo, ended: EndedAttempt): AfterAttempt {
  const { at, startedAt = at, zone, random, windows = [] } = ended
  const { blocks, after, spread } = plan
  const minute = minuteAt(zone, startedAt)
  const tried = [...(memo.tried ?? []), ...(minute === undefined ? [] : [minute])].slice(-MOST_TRIED)
  const search = { blocks, zone, windows, earliest: at + after, random, spread }
  // Nobody is ever called at these times, or the zone is unknown: then the decision before the dial says so, and a day later is soon enough.
  const found = anotherBlock(search, tried) ?? { at: at + Math.max(after, DAY), tried }
  return { next: 'retry', at: found.at, reason: 'outcome_retried', memo: { ...memo, tried: found.tried } }
}

function retryAt(plan: Exclude<RetryPlan, AnotherTime>, times: number, { at, zone, random }: EndedAttempt): number {
  switch (plan.kind) {
    case 'delays':
      return at + jittered(plan.delays[Math.min(times, plan.delays.length) - 1] ?? HOUR, plan.jitter, random)
    case 'exponential':
      return at + jittered(exponential(plan.first, plan.factor, plan.longest, times), plan.jitter, random)
    case 'at':
      return nextTimeOfDay(zone, plan.minute, at + plan.after) + Math.floor(random * plan.spread)
  }
}

/** The first instant from `earliest` at which the zone's clocks come to a time of day. */
function nextTimeOfDay(zone: string, minute: number, earliest: number): number {
  const today = Math.floor((earliest + (offsetAt(zone, earliest) ?? 0)) / DAY) * DAY
  // A day more than two, for a zone whose calendar skips a date.
  for (let day = today; day <= today + 3 * DAY; day += DAY) {
    const found = instantOfLocal(zone, day + minute * MINUTE)
    if (found !== undefined && found >= earliest) return found
  }
  // Nobody knows what time it is there; the decision before the dial refuses such a zone, so a day later is soon enough.
  return earliest + DAY
}

function exponential(first: number, factor: number, longest: number, times: number): number {
  return Math.min(longest, first * factor ** (times - 1))
}

function jittered(delay: number, jitter: number, random: number): number {
  return Math.round(delay * Math.max(0.5, 1 + jitter * (2 * random - 1)))
}

function isFinal(outcome: Outcome): outcome is Outcome & FailureReason {
  return FINAL_OUTCOMES.has(outcome)
}
