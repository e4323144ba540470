import { isOutdialError, type JobSnapshot } from '@outdial/core'
import { insufficientCredits } from './errors.js'
import type { Architecture, Settings } from './settings.js'

/** Minutes that a call is taken to last. */
const MINUTES = 2

/** What a batch will cost, in dollars. Rounded to a millionth, so that no sum is off by a hair. */
export function estimatedDollars(contacts: number, architecture: Architecture, { rates }: Settings): number {
  return Math.round(contacts * MINUTES * rates[architecture] * 1e6) / 1e6
}

/** `$3.50`. Half a cent is a cent. */
export function dollarText(dollars: number): string {
  const cents = Math.round(Math.abs(dollars) * 100 + 1e-6)
  return `${dollars < 0 && cents > 0 ? '-' : ''}$${(cents / 100).toFixed(2)}`
}

/** Throws when an account has less than a batch will cost. No account: no limit. */
export function checkCredits(
  dollars: number,
  balance: { available: number } | undefined,
  { unitsPerDollar }: Settings,
): void {
  if (balance === undefined || dollars * unitsPerDollar <= balance.available) return
  // What is there is rounded down, so that it never looks like enough.
  const available = Math.floor((balance.available / unitsPerDollar) * 100) / 100
  throw insufficientCredits(dollarText(dollars), dollarText(available))
}

/** What is set aside for a batch, in the account's smallest unit. */
export function reserveOf(dollars: number, { unitsPerDollar }: Settings): number {
  return Math.ceil(Math.round(dollars * unitsPerDollar * 1e6) / 1e6)
}

/** The engine's word that an account has less than is to be set aside, in the service's. */
export function asInsufficient(error: unknown, dollars: number, { unitsPerDollar }: Settings): unknown {
  if (!isOutdialError(error, 'insufficient_balance')) return error
  const available = Math.floor((Number(error.details.available) / unitsPerDollar) * 100) / 100
  return insufficientCredits(dollarText(dollars), dollarText(available))
}

/** How long a batch will take with so many calls at once: `2 minutes`, `1 hour 20 minutes`. */
export function durationText(contacts: number, atOnce: number): string {
  const minutes = Math.ceil(contacts / atOnce) * MINUTES
  const parts = [plural(Math.floor(minutes / 60), 'hour'), plural(minutes % 60, 'minute')]
  return parts.filter((part) => part !== '').join(' ')
}

function plural(count: number, noun: string): string {
  return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** When a running batch will be done, going by what it has done so far; `undefined` before the first contact is. */
export function completionTime(
  { state, startedAt, tasks }: JobSnapshot,
  processed: number,
  now: number,
  { completionFrom }: Settings,
): number | undefined {
  if (state !== 'running' || startedAt === undefined || processed === 0) return undefined
  const left = (tasks.total - processed) * ((now - startedAt) / processed)
  return (completionFrom === 'now' ? now : startedAt) + left
}
