import type { ZoneFinder } from '../ports/zones.js'
import { cached, derivedFrom } from './cached.js'
import { offsetAt } from './zone.js'

/** Whom a zone is looked for. */
export interface ZonedContact {
  /** E.164 */
  readonly phone: string
  /** The contact's own zone. */
  readonly timezone?: string | undefined
}

/** What a job says about zones. */
export interface ZonedJob {
  readonly window: { readonly timezone?: string } | null
  readonly timezone: string
  /** Contacts without a zone of their own have the job's, whatever their number. Absent: that of their number. */
  readonly zoneBy?: 'job'
}

const names = new Map<string, readonly string[]>()
const MOST_NAMES = 5_000

/**
 * Zones as one text: their names in alphabetical order, joined by commas. Almost always that is one name. Several mean that the person
 * is in one of them and nobody knows in which, so whatever depends on the time has to be right in all.
 */
export function joinZones(zones: readonly string[]): string {
  const [only] = zones
  if (only !== undefined && zones.length === 1) return only
  return derivedFrom(joined, zones, () => ({ text: [...new Set(zones)].sort().join(',') })).text
}

const joined = new WeakMap<readonly string[], { text: string }>()

/** The names in such a text. */
export function zoneNames(zones: string): readonly string[] {
  return cached(names, MOST_NAMES, zones, () => zones.split(','))
}

/** The zones of a contact as far as something is known of it: its own, else those of its number. */
export function ownZones({ phone, timezone }: ZonedContact, finder: ZoneFinder | undefined): string | undefined {
  if (timezone !== undefined) return timezone
  const found = finder?.zonesOf(phone)
  return found === undefined || found.length === 0 ? undefined : joinZones(found)
}

/** The zone of those of whom nothing is known: the window's, else the job's. */
export function defaultZone({ window, timezone }: ZonedJob): string {
  return window?.timezone ?? timezone
}

/** Who knows the zones of numbers, if the job wants them known. */
export function finderFor({ zoneBy }: ZonedJob, finder: ZoneFinder | undefined): ZoneFinder | undefined {
  return zoneBy === 'job' ? undefined : finder
}

/** The zones of a contact. */
export function zonesFor(job: ZonedJob, contact: ZonedContact, finder?: ZoneFinder | undefined): string {
  return ownZones(contact, finderFor(job, finder)) ?? defaultZone(job)
}

/**
 * Of several zones the one to read a time of day in: that in which the day began last, the westernmost as a rule. When its clocks come to that time,
 * those of all others have passed it, so nobody is called before it. One that is unknown goes before all: it is to be refused.
 */
export function zoneForTimes(zones: string, at: number): string {
  const [first = zones, ...others] = zoneNames(zones)
  let [chosen, lowest] = [first, offsetAt(first, at)]
  for (const name of others) {
    const offset = offsetAt(name, at)
    if (offset === undefined) return name
    if (lowest !== undefined && offset < lowest) [chosen, lowest] = [name, offset]
  }
  return chosen
}
