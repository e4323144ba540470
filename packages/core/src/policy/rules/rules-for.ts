import type { ZoneFinder } from '../../ports/zones.js'
import { derivedFrom } from '../cached.js'
import type { CallingWindow } from '../calling-window.js'
import type { CapRule } from '../caps.js'
import type { CooldownRule } from '../cooldowns.js'
import { DAY, MINUTE } from '../duration.js'
import { dayNumber } from '../open-intervals.js'
import { offsetAt } from '../zone.js'
import { type ZonedContact, zoneNames, zonesFor } from '../zones.js'
import { PrefixIndex } from './prefix-index.js'
import { type Rule, ruleName } from './rule-set.js'

/** What of a job says who may be called when and how often. */
export interface RuledJob {
  readonly window: CallingWindow | null
  readonly timezone: string
  readonly zoneBy?: 'job'
  readonly caps: readonly CapRule[]
  readonly cooldowns?: readonly CooldownRule[]
  readonly rules?: readonly Rule[]
}

/** The rules that count for a contact at an instant, the job's own and those of its rule sets. */
export interface AppliedRules {
  /** All of them have to be open. Those of rule sets not in force are here too and open: each says itself on which dates it counts. */
  readonly windows: readonly CallingWindow[]
  /** Of several that count the same, the strictest. */
  readonly caps: readonly CapRule[]
  readonly cooldowns: readonly CooldownRule[]
  /** Rule sets in force, as `id@version`. */
  readonly ids: readonly string[]
}

/** The rules for the numbers that begin alike, whenever they count. */
export interface RuleClass {
  readonly windows: readonly CallingWindow[]
  readonly rules: readonly Rule[]
}

/**
 * The rules for a contact at an instant. Pure, and made for the hot path: the same object for all contacts for whom the same rules count.
 *
 * Dates of rule sets are those of the called person's calendar. Where nobody can say in which of several zones the person is,
 * a rule set counts as soon as it does in one of them and for as long.
 */
export function rulesFor(job: RuledJob, contact: ZonedContact, at: number, finder?: ZoneFinder): AppliedRules {
  const ruled = compiled(job)
  const known = ruled.index === undefined ? ruled.own : ruled.index.find(contact.phone)
  if (known.always !== undefined) return known.always
  // Everywhere on Earth the date is that of UTC, of the day before or of the day after.
  const today = Math.floor(at / DAY)
  if (known.steadyAround(today)) return known.on(today, today)
  const offsets = zoneNames(zonesFor(job, contact, finder)).map((name) => offsetAt(name, at) ?? 0)
  const day = (offset: number) => Math.floor((at + offset) / DAY)
  return known.on(day(Math.min(...offsets)), day(Math.max(...offsets)))
}

/**
 * Until when `rulesFor` surely answers the same, for what was decided is done a little later: for ever without dates; to the next quarter
 * of an hour around the days on which a rule set begins or ends to count; to the next midnight UTC on others.
 */
export function rulesSteadyUntil(job: RuledJob, { phone }: ZonedContact, at: number): number {
  const ruled = compiled(job).index?.find(phone)
  if (ruled === undefined || ruled.always !== undefined) return Number.POSITIVE_INFINITY
  // In every zone days begin, and clocks change, at a quarter of an hour of UTC.
  const step = ruled.steadyAround(Math.floor(at / DAY)) ? DAY : QUARTER
  return (Math.floor(at / step) + 1) * step
}

/** The rules for a number, whenever they count. The same object for all numbers that have the same. */
export function ruleClassOf(job: RuledJob, phone: string): RuleClass {
  const ruled = compiled(job)
  return ruled.index === undefined ? ruled.own : ruled.index.find(phone)
}

/** All caps that may ever count for a contact of the job, for the limits to be set. */
export function allCaps({ caps, rules = [] }: RuledJob): readonly CapRule[] {
  return rules.length === 0 ? caps : [...caps, ...rules.flatMap((rule) => rule.caps)]
}

interface Compiled {
  readonly own: Ruled
  /** Absent without rule sets. */
  readonly index: PrefixIndex<Ruled> | undefined
}

const QUARTER = 15 * MINUTE

const jobs = new WeakMap<RuledJob, Compiled>()

function compiled(job: RuledJob): Compiled {
  return derivedFrom(jobs, job, compile)
}

function compile(job: RuledJob): Compiled {
  const { rules = [] } = job
  const prefixes = rules.map((rule) => rule.prefixes)
  const made = (positions: readonly number[]) =>
    new Ruled(
      job,
      positions.map((position) => rules[position] as Rule),
    )
  return { own: new Ruled(job, []), index: rules.length === 0 ? undefined : new PrefixIndex(prefixes, made) }
}

class Ruled implements RuleClass {
  readonly windows: readonly CallingWindow[]
  readonly rules: readonly Rule[]
  /** Days (since 1970-01-01) on which one of them begins or ceases to count. */
  readonly #turns: readonly number[]
  readonly #job: RuledJob
  readonly #made: Map<string, AppliedRules> = new Map()
  /** When none of them has dates. */
  readonly always: AppliedRules | undefined

  constructor(job: RuledJob, rules: readonly Rule[]) {
    this.#job = job
    this.rules = rules
    this.windows = [...(job.window === null ? [] : [job.window]), ...rules.flatMap(({ window }) => window ?? [])]
    this.#turns = rules.flatMap(({ from, until }) => [from, until].flatMap((date) => (date ? dayNumber(date) : [])))
    this.always = this.#turns.length === 0 ? this.#apply(rules) : undefined
  }

  /** Whether the same of them count on a day, the day before and the day after. */
  steadyAround(day: number): boolean {
    return this.#turns.every((turn) => turn < day || turn > day + 1)
  }

  /** Those that count on one of two days, which are the same or follow each other. */
  on(first: number, last: number): AppliedRules {
    const force = this.rules.filter(
      ({ from, until }) =>
        (from === undefined || last >= dayNumber(from)) && (until === undefined || first < dayNumber(until)),
    )
    const key = force.map(ruleName).join()
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const made = this.#apply(force)
    this.#made.set(key, made)
    return made
  }

  #apply(rules: readonly Rule[]): AppliedRules {
    return {
      windows: this.windows,
      caps: strictest([...this.#job.caps, ...rules.flatMap(({ caps }) => caps)]),
      cooldowns: [...(this.#job.cooldowns ?? []), ...rules.flatMap(({ cooldowns }) => cooldowns)],
      ids: rules.map(ruleName),
    }
  }
}

/** One call is counted once by caps that count the same: what remains is the lowest. */
function strictest(caps: readonly CapRule[]): readonly CapRule[] {
  if (caps.length < 2) return caps
  const lowest = new Map<string, CapRule>()
  for (const cap of caps) {
    const { max, ...counted } = cap
    const key = JSON.stringify(Object.entries(counted).sort())
    const other = lowest.get(key)
    if (other === undefined || max < other.max) lowest.set(key, cap)
  }
  return [...lowest.values()]
}
