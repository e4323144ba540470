import { scopeKeys, scopeLimits } from '../jobs/gates.js'
import { cached } from '../policy/cached.js'
import type { Hold, Limit } from '../ports/storage-limits.js'
import { dayKey } from './day-limit.js'
import type { CallerIdLimits } from './pool-options.js'

const MOST = 5000
const MOST_ORGANIZATIONS = 100
/** By organization and number. */
const holds: HoldsByNumber = new Map()
const gatedHolds: HoldsByNumber = new Map()

type HoldsByNumber = Map<string, Map<string, readonly Hold[]>>

function holdsOf(known: HoldsByNumber, organization: string, number: string, make: () => readonly Hold[]) {
  const ofOne = cached(known, MOST_ORGANIZATIONS, organization, () => new Map<string, readonly Hold[]>())
  return cached(ofOne, MOST, number, make)
}

/** Key of the limit that closes a number for a time. */
export function closedKey(organization: string, number: string): string {
  return `closed:from:${organization}:${number}`
}

/** Limits of a number as the store takes them. What is left out is not touched. */
export function numberLimits(
  organization: string,
  number: string,
  { concurrency, cps, perDay }: CallerIdLimits,
  revision: number,
): Limit[] {
  const given = {
    ...(concurrency !== undefined && { concurrency }),
    ...(cps !== undefined && { cps }),
    ...(perDay !== undefined && { perDay }),
  }
  return scopeLimits({ callerId: number, organization }, given, revision)
}

/** What a fence takes to call from a number: that it is open, a call of its day, a slot and a start. */
export function numberHolds(organization: string, number: string): readonly Hold[] {
  return holdsOf(holds, organization, number, () => {
    const { slots, rate } = scopeKeys({ callerId: number, organization })
    return [...gateless(organization, number), { key: slots, n: 1 }, { key: rate, n: 1 }]
  })
}

/** The same for a number whose slots and starts are a gate of the job. */
export function gatedNumberHolds(organization: string, number: string): readonly Hold[] {
  return holdsOf(gatedHolds, organization, number, () => gateless(organization, number))
}

function gateless(organization: string, number: string): Hold[] {
  return [
    { key: closedKey(organization, number), n: 0 },
    { key: dayKey(organization, number), n: 1 },
  ]
}

/** What a reason of a refused fence says of a number: that it is closed or has made the calls of its day (`long`), or is busy. */
export function refusedNumber(reason: string, organization: string): { number: string; long: boolean } | undefined {
  const [, kind, rest] = /^(closed|day|slots|rate):from:(.*)$/s.exec(reason) ?? []
  if (kind === undefined || !rest?.startsWith(`${organization}:`)) return undefined
  return { number: rest.slice(organization.length + 1), long: kind === 'closed' || kind === 'day' }
}
