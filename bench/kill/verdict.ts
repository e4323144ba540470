import type { LedgerEntry, Outcome } from 'outdial'
import type { Person } from '../redis/support/corpus.js'

/** What came of a list of people, by the carrier's ledger. */
export interface Verdict {
  contacts: number
  kills: number
  /** People who were called more than once. Everybody was to be called once. */
  twice: number
  /** Calls to the one who was called most often. */
  most: number
  /** People who were never called, though it says that nothing is left to do. */
  neverCalled: number
  /** People who were called, and whose outcome is not what the carrier knows, or is not known at all. */
  outcomeLost: number
  seconds: number
}

/** Compares what a carrier did with what the one who called says of it. */
export function judge(
  people: readonly Person[],
  ledger: readonly LedgerEntry[],
  outcomes: ReadonlyMap<string, Outcome>,
): Pick<Verdict, 'twice' | 'most' | 'neverCalled' | 'outcomeLost'> {
  const placed = new Map<string, number>()
  const ended = new Map<string, Set<string | undefined>>()
  for (const { kind, to, detail } of ledger) {
    if (kind === 'placed') placed.set(to, (placed.get(to) ?? 0) + 1)
    if (kind === 'ended') ended.set(to, (ended.get(to) ?? new Set()).add(detail))
  }
  const called = people.filter(({ phone }) => placed.has(phone))
  return {
    twice: [...placed.values()].filter((calls) => calls > 1).length,
    most: Math.max(0, ...placed.values()),
    neverCalled: people.length - called.length,
    outcomeLost: called.filter(({ phone }) => !ended.get(phone)?.has(outcomes.get(phone))).length,
  }
}
