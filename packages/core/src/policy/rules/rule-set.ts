import * as z from 'zod'
import { type BlackoutOptions, blackoutsSchema } from '../blackouts.js'
import type { CallingWindow } from '../calling-window.js'
import { type CapOptions, type CapRule, capsSchema } from '../caps.js'
import { type CooldownOptions, type CooldownRule, cooldownsSchema } from '../cooldowns.js'
import { schemaOf } from '../options.js'
import { closedDatesSchema, type WindowOptions, windowSchema } from '../window-options.js'
import { readClosedDate } from '../window-text.js'

/**
 * Rules about the people of a place, or about everybody: hours, days, caps and cool-downs that come from outside the campaign (a law, a
 * contract), as data. A job's rule sets count besides its own options and besides each other: a person is called only if all
 * that apply to the number and are in force agree.
 */
export interface RuleSet {
  /** Letters, digits, `.`, `_` and `-`, e.g. `us-florida`. */
  id: string
  /** Which text of the rules this is, e.g. the date of its last change. It is recorded with every decision. The same id may come again with another. */
  version: string
  /** Where the rules are written, for whoever reads a decision later. */
  source: string
  /** First date on which they count, by the called person's calendar: `2021-07-01`. Default: always. */
  effectiveFrom?: string | undefined
  /** First date on which they do not count any more. Default: none. */
  effectiveUntil?: string | undefined
  /** Numbers they are for, by how they begin: `['+1305', '+1786']`. Default: all numbers. */
  appliesTo?: { prefixes: readonly string[] } | undefined
  /** When these people may be called. Without a `timezone`: it is read in theirs. Default: at any time. */
  window?: WindowOptions | undefined
  /** Local dates `YYYY-MM-DD` on which nobody of them is called, a region's holidays for instance. */
  closedOn?: readonly string[] | undefined
  /** Periods in which nobody of them is called. */
  blackouts?: readonly BlackoutOptions[] | undefined
  /** At most so many calls to one of them. */
  caps?: readonly CapOptions[] | undefined
  /** After what, and for how long, one of them is left alone. */
  cooldowns?: readonly CooldownOptions[] | undefined
}

/** A {@link RuleSet} as it was meant; plain JSON, never changed after. */
export interface Rule {
  readonly id: string
  readonly version: string
  readonly source: string
  /** `YYYY-MM-DD`, included. */
  readonly from?: string
  /** `YYYY-MM-DD`, not included. */
  readonly until?: string
  /** Absent: all numbers. */
  readonly prefixes?: readonly string[]
  /** Says itself which rule it is of and on which dates it counts. */
  readonly window?: CallingWindow
  readonly caps: readonly CapRule[]
  readonly cooldowns: readonly CooldownRule[]
}

/** Beyond this, somebody means a list of numbers. */
const MOST_PREFIXES = 10_000
const MOST_RULES = 200
/** Of all rule sets of a job together: they are kept, read and looked through with it. */
const MOST_IN_ALL = 20_000

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, { error: "expected letters, digits, '.', '_' and '-'" })
const date = schemaOf<string, string>(readClosedDate)
const prefix = z.string().regex(/^\+[1-9]\d{0,14}$/, { error: "expected the beginning of numbers such as '+1305'" })

const ruleSchema = z
  .strictObject({
    id: name,
    version: name,
    source: z.string().min(1).max(2_000),
    effectiveFrom: date.optional(),
    effectiveUntil: date.optional(),
    appliesTo: z.strictObject({ prefixes: z.array(prefix).min(1).max(MOST_PREFIXES) }).optional(),
    window: windowSchema
      .refine(({ timezone }) => timezone === undefined, {
        path: ['timezone'],
        error: 'rules are read in the zone of the called person',
      })
      .optional(),
    closedOn: closedDatesSchema.optional(),
    blackouts: blackoutsSchema.optional(),
    caps: capsSchema.optional(),
    cooldowns: cooldownsSchema.optional(),
  })
  .refine(({ effectiveFrom = '', effectiveUntil = '9999' }) => effectiveFrom < effectiveUntil, {
    path: ['effectiveUntil'],
    error: 'is not after effectiveFrom, so the rules would never count',
  })
  .refine(
    ({ window, closedOn, blackouts, caps, cooldowns }) =>
      window !== undefined ||
      [closedOn, blackouts, caps, cooldowns].some((part) => part !== undefined && part.length > 0),
    { error: 'has no rule: give it a window, closedOn, blackouts, caps or cooldowns' },
  )
  .transform((given): Rule => {
    const { id, version, source, effectiveFrom: from, effectiveUntil: until, caps = [], cooldowns = [] } = given
    const dates = { ...(from !== undefined && { from }), ...(until !== undefined && { until }) }
    const window = windowOf(given, { rule: ruleName({ id, version }), ...dates })
    return {
      id,
      version,
      source,
      ...dates,
      ...(given.appliesTo && { prefixes: [...new Set(given.appliesTo.prefixes)].sort() }),
      ...(window && { window }),
      caps,
      cooldowns,
    }
  })

/** Reads a job's rule sets. */
export const rulesSchema: z.ZodType<readonly Rule[], readonly RuleSet[]> = z
  .array(ruleSchema)
  .max(MOST_RULES)
  .check((context) => {
    const prefixes = context.value.reduce((sum, rule) => sum + (rule.prefixes?.length ?? 0), 0)
    if (prefixes > MOST_IN_ALL) {
      const message = `have ${prefixes} prefixes together, and ${MOST_IN_ALL} are allowed: name longer areas by shorter prefixes`
      context.issues.push({ code: 'custom', path: [], message, input: context.value })
    }
    const seen = new Set<string>()
    context.value.forEach((rule, index) => {
      if (seen.has(ruleName(rule))) {
        context.issues.push({
          code: 'custom',
          path: [index, 'version'],
          message: `there is a rule set ${ruleName(rule)} already`,
          input: context.value,
        })
      }
      seen.add(ruleName(rule))
    })
  }) as unknown as z.ZodType<readonly Rule[], readonly RuleSet[]>

/** A rule set as decisions name it: `us-florida@2021-07-01`. */
export function ruleName({ id, version }: Pick<Rule, 'id' | 'version'>): string {
  return `${id}@${version}`
}

const ALL_WEEK: readonly (readonly number[])[] = Array.from({ length: 7 }, () => [0, 1_440])

interface Closing {
  window?: CallingWindow | undefined
  closedOn?: CallingWindow['closedOn'] | undefined
  blackouts?: CallingWindow['blackouts'] | undefined
}

/** The window of a rule, its closed days with it; without hours of its own it is open but for those. */
function windowOf(
  { window, closedOn = [], blackouts = [] }: Closing,
  marks: Pick<CallingWindow, 'rule' | 'from' | 'until'>,
): CallingWindow | undefined {
  if (window === undefined && closedOn.length === 0 && blackouts.length === 0) return undefined
  const dates = [...new Set([...(window?.closedOn ?? []), ...closedOn])].sort()
  const periods = [...(window?.blackouts ?? []), ...blackouts]
  return {
    ...marks,
    week: window?.week ?? ALL_WEEK,
    closedOn: dates,
    ...(periods.length > 0 && { blackouts: periods }),
  }
}
