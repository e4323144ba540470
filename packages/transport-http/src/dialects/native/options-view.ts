import { type CallSpec, formatInstant, type JobSnapshot, type Rule } from '@outdial/core'
import { clock, retryView } from './retry-view.js'

/*
 * The definition of a job in the words in which one is made: what is shown can be sent again. Durations are milliseconds.
 */

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** Said elsewhere in the view of a job, or what the engine keeps for itself. */
const ELSEWHERE = new Set([
  'kind',
  'name',
  'description',
  'metadata',
  'startAt',
  'expiresAt',
  'money',
  'pool',
  'asksNumber',
  'ledger',
  'secrets',
])

/** What a job was made with, or changed to since; defaults included. */
export function optionsView({ spec, weight, freshShare }: JobSnapshot): Record<string, unknown> {
  const options = Object.fromEntries(Object.entries(spec).filter(([name]) => !ELSEWHERE.has(name)))
  if (spec.kind === 'operations') {
    const { keepOpen: _, ...rest } = options
    return { ...rest, ...(spec.method !== 'create' && { keepBefore: spec.keepBefore ?? false }), weight }
  }
  const { retry, window, caps, cooldowns, from, rules, money } = spec
  return {
    ...options,
    from: from.length === 1 ? from[0] : from,
    ...callerIdsView(spec),
    retry: retryView(retry),
    window: window && windowView(window),
    caps: caps.map(capView),
    ...(cooldowns && { cooldowns: cooldowns.map(cooldownView) }),
    ...(rules && { rules: rules.map(ruleView) }),
    ...(money?.account !== undefined && { account: money.account }),
    ...(money?.reserve !== undefined && { reserve: money.reserve }),
    weight,
    ...(freshShare !== undefined && { freshShare }),
  }
}

/** A campaign that may change its numbers says so, if need be by the rules that it has anyway: else one number would be for good. */
function callerIdsView({ callerIds, pool, from }: CallSpec) {
  if (callerIds) {
    const { numbers = {}, ...rest } = callerIds
    // Those that it calls from and says something of.
    const own = Object.entries(numbers).filter(
      ([name, limits]) => from.includes(name) && Object.keys(limits).length > 0,
    )
    return { callerIds: { ...rest, ...(own.length > 0 && { numbers: Object.fromEntries(own) }) } }
  }
  return pool && from.length === 1 && { callerIds: { order: 'listed', sticky: false, localPresence: false } }
}

function capView({ per, max, windowMs }: CallSpec['caps'][number]) {
  return { per, max, within: windowMs }
}

function cooldownView({ after, dispositions, waitMs, per }: Rule['cooldowns'][number]) {
  return { after, dispositions, wait: waitMs, per }
}

function ruleView({ id, version, source, from, until, prefixes, window, caps, cooldowns }: Rule) {
  return {
    id,
    version,
    source,
    ...(from !== undefined && { effectiveFrom: from }),
    ...(until !== undefined && { effectiveUntil: until }),
    ...(prefixes && { appliesTo: { prefixes } }),
    ...(window && { window: windowView(window) }),
    ...(caps.length > 0 && { caps: caps.map(capView) }),
    ...(cooldowns.length > 0 && { cooldowns: cooldowns.map(cooldownView) }),
  }
}

function windowView({ timezone, week, closedOn, blackouts = [] }: NonNullable<CallSpec['window']>) {
  const open = week.flatMap((minutes, day) => (minutes.length === 0 ? [] : [[DAYS[day], hours(minutes)] as const]))
  return {
    ...(timezone !== undefined && { timezone }),
    ...Object.fromEntries(open),
    ...(closedOn.length > 0 && { closedOn }),
    ...(blackouts.length > 0 && { blackouts: blackouts.map(blackoutView) }),
  }
}

function blackoutView({ from, until, local }: NonNullable<NonNullable<CallSpec['window']>['blackouts']>[number]) {
  if (!local) return { from, until }
  const text = (reading: number) => formatInstant(reading).slice(0, -1)
  return { from: text(from), until: text(until) }
}

function hours(minutes: readonly number[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < minutes.length; i += 2)
    pairs.push([clock(minutes[i] as number), clock(minutes[i + 1] as number)])
  return pairs
}
