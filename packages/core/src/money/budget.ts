import * as z from 'zod'
import { OutdialError } from '../errors/outdial-error.js'
import type { CallSpec } from '../jobs/spec.js'
import { parseOptions } from '../policy/options.js'
import type { Limit } from '../ports/storage-limits.js'
import { micros, UNLIMITED } from './amount.js'
import { jobDayKey, jobMoneyKey, moneyGate, organizationDayKey } from './keys.js'

/**
 * What a campaign may spend, in whole units of the account's smallest (cents, say). A call counts at its worst case from its fence to
 * its end, then at what it cost; so the cap holds at every instant.
 */
export interface BudgetOptions {
  /** In all. Reached: the job is paused (`budget_exhausted`) until it is raised. Default (`null`): no limit. */
  total?: number | null | undefined
  /**
   * Between two midnights of the job's zone. Reached: the job is paused (`daily_budget`) until the next one, or until it is raised.
   * Default (`null`): no limit.
   */
  perDay?: number | null | undefined
}

/** {@link BudgetOptions} as a job keeps it. */
export interface Budget {
  total?: number
  perDay?: number
}

/** What a job with rates keeps about money; absent in jobs of carriers without. */
export interface JobMoney {
  /** Zone of the organization's days. */
  zone: string
  /** Where it is booked; see `Accounts`. */
  account?: string
  /** What is set aside at the start, if it was said. */
  reserve?: number
  /** What has been set aside so far, in order; with an account. */
  reservations?: readonly Reservation[]
  /** How many were ever asked for: no reference is used twice. */
  asked?: number
  /** What was spent in all, once the job has ended and that is being booked. */
  settlement?: { amount: number; done?: true }
}

/** One reservation. */
export interface Reservation {
  reference: string
  amount: number
  /** The account has confirmed it. */
  held?: true
  /** Nobody had heard of it when the next one was asked for: it is given back, and never counted on. */
  dropped?: true
}

/** Ten million dollars in cents: beyond that, millionths could not be counted exactly. */
const MOST_MONEY = 1_000_000_000
/** Whole units of the account. */
export const moneySchema: z.ZodType<number, number> = z.int().min(0).max(MOST_MONEY)

/** Checks an amount of money, or that there is to be no limit. */
export function parseMoney(amount: number | null, field: string): number | null {
  return amount === null ? null : parseOptions(moneySchema, amount, field)
}

/** Reads a budget. */
export const budgetSchema: z.ZodType<BudgetOptions, BudgetOptions> = z.strictObject({
  total: moneySchema.nullable().optional(),
  perDay: moneySchema.nullable().optional(),
})

/** A job's definition with another budget; what is left out stays. Throws `invalid_options` for a job whose calls nobody can price. */
export function withBudget(spec: CallSpec, given: BudgetOptions | null | undefined): CallSpec {
  if (given === undefined) return spec
  const { budget = {}, ...rest } = spec
  const { total = budget.total, perDay = budget.perDay } = given ?? { total: null, perDay: null }
  const kept: Budget = {
    ...(typeof total === 'number' && { total }),
    ...(typeof perDay === 'number' && { perDay }),
  }
  return Object.keys(kept).length === 0 ? rest : { ...rest, budget: kept }
}

/** Throws for what nobody could keep: a limit of money on calls of which nobody knows what they cost. */
export function checkPriced({ budget, money, carrier }: CallSpec): void {
  if (!budget || money) return
  throw new OutdialError(
    'invalid_options',
    `budget: nobody knows what a call through '${carrier}' may cost. Give the engine rates for it: rates: { ${carrier}: … }`,
    { field: 'budget' },
  )
}

/** The limits of a job's money: its budget, and of what it has an account for no more than is set aside. */
export function budgetLimits(jobId: string, { budget = {}, money }: CallSpec, revision: number): Limit[] {
  if (!money) return []
  const { total, perDay } = budget
  const most = money.account === undefined ? total : Math.min(setAside(money), total ?? Number.POSITIVE_INFINITY)
  return [
    { key: jobMoneyKey(jobId), revision, money: limitOf(most) },
    { key: jobDayKey(jobId), revision, money: limitOf(perDay) },
  ]
}

/** Opens the gate that a job waits at for money. */
export function openGate(jobId: string, revision: number): Limit {
  return { key: moneyGate(jobId).slots, revision, none: true }
}

/** The limit of an organization's days. */
export function organizationLimit(organization: string, perDay: number | null, revision: number): Limit {
  return { key: organizationDayKey(organization), revision, money: limitOf(perDay ?? undefined) }
}

/** What an account has confirmed, in its smallest units. */
export function setAside({ reservations = [] }: JobMoney): number {
  return reservations.reduce((sum, { amount, held }) => sum + (held ? amount : 0), 0)
}

/** Always a limit of money, so that what is spent is counted before somebody limits it. */
function limitOf(amount: number | undefined): number {
  return amount === undefined ? UNLIMITED : micros(amount)
}
