import { readFileSync } from 'node:fs'
import type { HttpSimulatedCarrier } from '@outdial/simulation/process'
import { type Engine, type LedgerEntry, readLedger } from 'outdial'
import type { Stop } from '../judge/evidence.js'
import type { RunningStore } from '../stores/chaos-store.js'
import type { Campaign } from './campaigns.js'
import type { Crew } from './crew.js'
import type { LimitBook } from './limit-book.js'

/** What a scenario has in hand while it makes trouble. */
export interface Field {
  readonly crew: Crew
  readonly store: RunningStore
  /** Of the conductor: creates and controls, dials nothing. */
  readonly engine: Engine<{ sim: HttpSimulatedCarrier }>
  readonly reminders: Campaign
  readonly survey: Campaign
  readonly limits: LimitBook
  readonly stops: Stop[]
  /** Where each worker takes webhooks. */
  readonly ports: readonly number[]
  /** So many people are called in the beginning. */
  readonly people: number
  /** Milliseconds after which a call that does not come will not come. */
  readonly patience: number
  /** Numbers from 0 up to 1, the same in every run. */
  random(): number
  ledger(): LedgerEntry[]
  /** Counts trouble made. */
  fault(times?: number): void
}

/** Reads a carrier's ledger as far as it is written. */
export function ledgerOf(file: string): LedgerEntry[] {
  return readLedger(readFileSync(file, 'utf8'))
}

/** Resolves when the carrier has placed so many calls; rejects when they do not come. */
export async function placedCalls(field: Pick<Field, 'ledger' | 'patience'>, count: number): Promise<void> {
  const placed = (): number => field.ledger().filter(({ kind }) => kind === 'placed').length
  for (const end = Date.now() + field.patience / 2; placed() < count; ) {
    if (Date.now() > end) throw new Error(`only ${placed()} of ${count} calls were placed`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
