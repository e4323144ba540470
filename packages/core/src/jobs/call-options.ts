import * as z from 'zod'
import { withFrom } from '../caller-ids/job-numbers.js'
import { type CallerIdOptions, callerIdsSchema, type ParsedCallerIds } from '../caller-ids/pool-options.js'
import { OutdialError } from '../errors/outdial-error.js'
import type { Outcome } from '../lifecycle/outcome.js'
import { type BudgetOptions, budgetSchema, checkPriced, moneySchema, withBudget } from '../money/budget.js'
import type { CallingWindow } from '../policy/calling-window.js'
import { type CapOptions, type CapRule, capsSchema } from '../policy/caps.js'
import { type CooldownOptions, type CooldownRule, cooldownsSchema } from '../policy/cooldowns.js'
import { type Duration, durationBetween, HOUR, MINUTE, SECOND } from '../policy/duration.js'
import { parseOptions } from '../policy/options.js'
import { DEFAULT_INFRASTRUCTURE_LIMIT, DEFAULT_RETRY, DEFAULT_SUCCESS, type RetryPolicy } from '../policy/retry.js'
import {
  type RetryableOutcome,
  type RetryOptions,
  retriedSuccesses,
  retrySchema,
  successOutcomesSchema,
} from '../policy/retry-options.js'
import { type Rule, type RuleSet, rulesSchema } from '../policy/rules/rule-set.js'
import { resolveSchedule, type ScheduleTime, scheduleTimeSchema } from '../policy/schedule.js'
import { type IdentifyOptions, identifySchema } from '../policy/subjects.js'
import { type SuppressAfterOptions, type SuppressRule, suppressAfterSchema } from '../policy/suppress-after.js'
import { type WindowOptions, windowSchema } from '../policy/window-options.js'
import { zoneSchema } from '../policy/zone.js'
import type { ContactColumn, ContactSource } from '../ports/contacts.js'
import type { RowReport } from './intake-report.js'
import { metadataSchema } from './metadata.js'
import type { CallSpec } from './spec.js'

/** The parts of a campaign that can be changed while it runs. Each says how long things may take, how many, how fast. */
export interface CallPolicyOptions {
  /** Calls of this job at once. Default (`null`): no limit of its own. */
  concurrency?: number | null | undefined
  /** Starts per second; fractions are fine. Default (`null`): no limit of its own. */
  cps?: number | null | undefined
  /** How its numbers are used: limits of each, and which is tried first. Default: the first in `from` with room. */
  callerIds?: CallerIdOptions | undefined
  /** Attempts per contact, the first included. Default 1. Trouble of the carrier does not count. */
  attempts?: number | undefined
  /** When to call again, by outcome. Default, with more than one attempt: `busy` and `no_answer` after 5, then every 30 minutes. */
  retry?: RetryOptions | undefined
  /** Outcomes that count as success. Default `['answered']`. */
  successOutcomes?: readonly RetryableOutcome[] | undefined
  /** When people may be called, in their own time zone. Default: at any time. */
  window?: WindowOptions | null | undefined
  /**
   * Spreads every opening of the window and of the rules over so long, so that it is no stampede: those who wait for it become due evenly, in steps of a minute
   * or a 16th of it. One second to 12 hours, default (`null`): all at once. Given to a job that exists, it is for contacts added after.
   */
  spread?: Duration | null | undefined
  /** At most so many calls to one person in any span of time, over all jobs of the organization with a cap of the same `per` and `within`. Default: none. */
  caps?: readonly CapOptions[] | undefined
  /** What it may spend. Needs rates of its carrier. Default: no limit. */
  budget?: BudgetOptions | null | undefined
  /** After an outcome, or a disposition that an agent reports, the person is left alone by the whole organization. Default: none. */
  cooldowns?: readonly CooldownOptions[] | undefined
  /** Outcomes that put the number on a do-not-call list in the same step. Default `['unwanted']`, for the whole organization. */
  suppressAfter?: readonly SuppressAfterOptions[] | undefined
  /** Which variables say who a contact is and what it is called about, for caps and cool-downs per `contact` and `subject`. */
  identify?: IdentifyOptions | undefined
  /** Rules about the people of a place, e.g. laws, besides the options above: all that are for a number and in force count. Default: none. */
  rules?: readonly RuleSet[] | undefined
  /** Ring at most so long. Default 30 s. */
  ringTimeout?: Duration | undefined
  /** Hang up after so long. Default 1 h. */
  maxDuration?: Duration | undefined
  /**
   * What to do with a call of which nobody can say what became of it after its deadline. `fail` (default): the contact
   * ends as `outcome_unknown` and is not called again. `retry`: it is called again, perhaps a second time.
   */
  unknown?: 'fail' | 'retry' | undefined
  /** Failures of the carrier in a row after which a contact is given up. Default 100, some eight hours of them. */
  infrastructureLimit?: number | undefined
  /** Share among the organization's backlogged jobs. Default 1. */
  weight?: number | undefined
  /**
   * While contacts never called and contacts due again both wait, this share of the calls, 0 to 1, goes to those never called, evenly
   * mixed. Callbacks count as due again. Default (`null`): those due again come first.
   */
  freshShare?: number | null | undefined
}

/** What can be changed in a campaign that exists, a draft or a running one. What is left out stays as it is. */
export interface CallJobChanges extends CallPolicyOptions {
  name?: string | undefined
  description?: string | undefined
  /** Replaces all of it. */
  metadata?: Readonly<Record<string, unknown>> | undefined
  agent?: string | undefined
  /** Caller ids, for a campaign that was created with several of them or with `callerIds`. */
  from?: string | readonly string[] | undefined
  /** From then on nobody is called; `null`: no such time. Not for a job that is being stopped. */
  expires?: ScheduleTime | null | undefined
}

/** A campaign to create. */
export interface CallJobOptions<Schema extends z.ZodType = z.ZodType<Record<string, unknown>>>
  extends CallPolicyOptions {
  name: string
  description?: string | undefined
  /** The host's own facts about the job: a JSON object of at most 64 KiB. Every snapshot has it, nothing reads it. */
  metadata?: Readonly<Record<string, unknown>> | undefined
  /** Tenant. Default `default`. */
  organization?: string | undefined
  /** Name of one of the engine's carriers. */
  carrier: string
  /** Caller id, or several of which the first that has room is taken. E.164. */
  from: string | readonly string[]
  /** Who talks when a person answers: a reference that the carrier understands. */
  agent?: string | undefined
  /** Whom to call: rows, or a reader such as `csvFile('contacts.csv')`. */
  contacts: ContactSource
  /** Checks and types the other columns of a row. Default: kept as they are. */
  variables?: Schema | undefined
  /** Which column holds what; see `ReadOptions.columns`. */
  columns?: Partial<Record<ContactColumn, string | false>> | undefined
  /** Region in which numbers without `+` are read. Default: such rows are rejected. */
  defaultRegion?: string | undefined
  /** `partial` (default) drops and reports bad rows; `all` creates nothing if there is one. */
  rows?: 'partial' | 'all' | undefined
  /** Told of every row: accepted, rejected or duplicate. */
  onRow?: ((row: RowReport) => void) | undefined
  /**
   * When to begin: `'now'`, a time (naive ones in `timezone`), or `'draft'` (default): not before `job.start()`. A time
   * that has passed means now.
   */
  start?: ScheduleTime | 'draft' | undefined
  /** A person has to approve it first: `job.approve()`. */
  review?: boolean | undefined
  /** From then on nobody is called; contacts still waiting end as `expired`. */
  expires?: ScheduleTime | undefined
  /** Zone of naive times, and of contacts that have none of their own and whose number tells none. Default: the window's, else `UTC`. */
  timezone?: string | undefined
  /**
   * The zone of contacts that have none of their own. `number` (default): that of their number, as far as the engine's `zones` know it, else the
   * window's, else the job's. `job`: the window's or the job's, whatever their number.
   */
  zoneBy?: 'number' | 'job' | undefined
  /** The job stays open for `job.append()` when all its contacts have ended, until `job.close()`. */
  keepOpen?: boolean | undefined
  /** Where it is booked; see `Accounts`. Default: the organization's account, where it has one. Needs rates of its carrier. */
  account?: string | undefined
  /**
   * What is set aside on the account when it starts, or already when it is scheduled at its creation; in the account's smallest unit. More
   * is, as it is needed, up to `budget.total`. Default: when it starts, that budget, else what the job is expected to cost.
   */
  reserve?: number | undefined
  /** Creating twice with the same key makes one job. Kept as long as the job. */
  idempotencyKey?: string | undefined
  /**
   * What tells whether two requests with the same key are the same request: a digest of them, say. Default: the options
   * themselves, but for the contacts, which are read only once. Without a key: nothing.
   */
  fingerprint?: string | undefined
}

const positive = z.int().min(1)
const text = (max: number) => z.string().min(1).max(max)

const fromSchema = z.union([z.string(), z.array(z.string()).min(1).max(1000)], {
  error: 'expected a phone number or a list of them',
})

const policyShape = {
  concurrency: positive.max(1_000_000).nullable().optional(),
  cps: z.number().gt(0).max(100_000).nullable().optional(),
  callerIds: callerIdsSchema.optional(),
  attempts: positive.max(1000).optional(),
  retry: retrySchema.optional(),
  successOutcomes: successOutcomesSchema.optional(),
  window: windowSchema.nullable().optional(),
  spread: durationBetween(SECOND, 12 * HOUR)
    .nullable()
    .optional(),
  caps: capsSchema.optional(),
  budget: budgetSchema.nullable().optional(),
  cooldowns: cooldownsSchema.optional(),
  suppressAfter: suppressAfterSchema.optional(),
  identify: identifySchema.optional(),
  rules: rulesSchema.optional(),
  ringTimeout: durationBetween(SECOND, 10 * MINUTE).optional(),
  maxDuration: durationBetween(SECOND, 24 * HOUR).optional(),
  unknown: z.enum(['fail', 'retry']).optional(),
  infrastructureLimit: positive.max(1_000_000).optional(),
  weight: z.number().gt(0).max(1_000_000).optional(),
  freshShare: z.number().min(0).max(1).nullable().optional(),
}

const factsShape = {
  description: z.string().max(10_000).optional(),
  metadata: metadataSchema.optional(),
  agent: text(4000).optional(),
}

const changesSchema = z.strictObject({
  ...policyShape,
  ...factsShape,
  name: text(200).optional(),
  from: fromSchema.optional(),
  expires: scheduleTimeSchema.nullable().optional(),
})

const jobSchema = z.strictObject({
  ...policyShape,
  ...factsShape,
  name: text(200),
  organization: text(200).optional(),
  carrier: text(200),
  from: fromSchema,
  contacts: z.custom<ContactSource>((given) => typeof given === 'object' && given !== null, {
    error: 'expected rows (an array or other iterable of objects) or a reader such as csvFile()',
  }),
  variables: z
    .custom<z.ZodType>((given) => given instanceof z.ZodType || isSchema(given), { error: 'expected a zod schema' })
    .optional(),
  columns: z.record(z.string(), z.union([z.string(), z.literal(false)])).optional(),
  defaultRegion: z
    .string()
    .regex(/^[A-Z]{2}$/, { error: "expected a region such as 'US'" })
    .optional(),
  rows: z.enum(['partial', 'all']).optional(),
  onRow: z.custom<(row: RowReport) => void>((given) => typeof given === 'function').optional(),
  start: scheduleTimeSchema.optional(),
  review: z.boolean().optional(),
  expires: scheduleTimeSchema.optional(),
  timezone: zoneSchema.optional(),
  zoneBy: z.enum(['number', 'job']).optional(),
  keepOpen: z.boolean().optional(),
  account: text(200).optional(),
  reserve: moneySchema.optional(),
  idempotencyKey: text(500).optional(),
  fingerprint: text(200).optional(),
})

/** The host may have another copy of zod than the engine. */
function isSchema(given: unknown): boolean {
  return typeof (given as { safeParse?: unknown } | null)?.safeParse === 'function'
}

/** {@link CallPolicyOptions} as they were meant: durations in milliseconds, windows and retries compiled. */
export interface ParsedCallPolicy {
  concurrency?: number | null | undefined
  cps?: number | null | undefined
  callerIds?: ParsedCallerIds | undefined
  attempts?: number | undefined
  retry?: RetryPolicy | undefined
  successOutcomes?: readonly Outcome[] | undefined
  window?: CallingWindow | null | undefined
  spread?: number | null | undefined
  caps?: readonly CapRule[] | undefined
  budget?: BudgetOptions | null | undefined
  cooldowns?: readonly CooldownRule[] | undefined
  suppressAfter?: readonly SuppressRule[] | undefined
  identify?: IdentifyOptions | undefined
  rules?: readonly Rule[] | undefined
  ringTimeout?: number | undefined
  maxDuration?: number | undefined
  unknown?: 'fail' | 'retry' | undefined
  infrastructureLimit?: number | undefined
  weight?: number | undefined
  freshShare?: number | null | undefined
}

/** {@link CallJobOptions} likewise. */
export type ParsedCallOptions = Omit<CallJobOptions<z.ZodType>, keyof CallPolicyOptions> & ParsedCallPolicy

/** Checks options of a new job; throws `invalid_options` or `invalid_schedule` naming the field. */
export function parseCallOptions(input: unknown): ParsedCallOptions {
  return parseOptions(jobSchema as unknown as z.ZodType<ParsedCallOptions>, input, '')
}

/** {@link CallJobChanges} likewise. */
export type ParsedCallChanges = Omit<CallJobChanges, keyof CallPolicyOptions> & ParsedCallPolicy

/** Checks a change of a job that exists. */
export function parseCallChanges(input: unknown): ParsedCallChanges {
  return parseOptions(changesSchema as unknown as z.ZodType<ParsedCallChanges>, input, '')
}

/** A definition after a change; `from` has been read. */
export function changedSpec(spec: CallSpec, given: ParsedCallChanges, now: number, from?: readonly string[]): CallSpec {
  const changed = withPolicy(from ? withFrom(spec, from) : spec, given)
  checkPriced(changed)
  for (const key of FACTS) if (given[key] !== undefined) Object.assign(changed, { [key]: given[key] })
  if (given.expires === null) delete changed.expiresAt
  else if (given.expires !== undefined) {
    changed.expiresAt = resolveSchedule(given.expires, { zone: spec.timezone, now, field: 'expires' })
    checkExpiry(changed, now)
  }
  return changed
}

const FACTS = ['name', 'description', 'metadata', 'agent'] as const

/** The definition of a job with these options. */
export function callSpec(given: ParsedCallOptions, from: readonly string[], now: number): CallSpec {
  const timezone = given.timezone ?? given.window?.timezone ?? 'UTC'
  const at = (input: ScheduleTime, field: string) => resolveSchedule(input, { zone: timezone, now, field })
  const startAt = given.start === undefined || given.start === 'draft' ? undefined : at(given.start, 'start')
  const expiresAt = given.expires === undefined ? undefined : at(given.expires, 'expires')
  const { name, description, metadata, carrier, agent, keepOpen = false } = given
  const base: CallSpec = {
    kind: 'calls',
    name,
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata }),
    carrier,
    from,
    ...(given.callerIds && { pool: true as const }),
    ...(agent !== undefined && { agent }),
    keepOpen,
    timezone,
    ...(given.zoneBy === 'job' && { zoneBy: given.zoneBy }),
    ...(startAt !== undefined && startAt > now && { startAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    attempts: 1,
    retry: DEFAULT_RETRY,
    successOutcomes: DEFAULT_SUCCESS,
    infrastructureLimit: DEFAULT_INFRASTRUCTURE_LIMIT,
    unknown: 'fail',
    window: null,
    ringTimeout: 30 * SECOND,
    maxDuration: HOUR,
    caps: [],
  }
  return withPolicy(base, given)
}

/** Throws for a job that would be over before it began. Not asked of one that is there already: a repeated request may come late. */
export function checkExpiry({ startAt = 0, expiresAt }: CallSpec, now: number): void {
  if (expiresAt === undefined || expiresAt > Math.max(now, startAt)) return
  throw new OutdialError('invalid_schedule', 'expires: is not after the start, so nobody would be called', {
    field: 'expires',
  })
}

/** A definition with the parts of a policy that are given. */
function withPolicy(spec: CallSpec, given: ParsedCallPolicy): CallSpec {
  const changed: CallSpec = { ...withBudget(spec, given.budget) }
  for (const key of POLICY_KEYS) if (given[key] !== undefined) Object.assign(changed, { [key]: given[key] })
  if (given.callerIds) changed.callerIds = given.callerIds.rules
  if (given.concurrency === null) delete changed.concurrency
  if (given.cps === null) delete changed.cps
  if (given.spread === null) delete changed.spread
  const contradiction = retriedSuccesses(changed.retry, changed.successOutcomes)[0]
  if (contradiction !== undefined) {
    throw new OutdialError('invalid_options', `retry.${contradiction}: is a success, so it is never retried`, {
      field: `retry.${contradiction}`,
    })
  }
  return changed
}

const POLICY_KEYS = [
  'concurrency',
  'cps',
  'attempts',
  'retry',
  'successOutcomes',
  'window',
  'spread',
  'caps',
  'cooldowns',
  'suppressAfter',
  'identify',
  'rules',
  'ringTimeout',
  'maxDuration',
  'unknown',
  'infrastructureLimit',
] as const
