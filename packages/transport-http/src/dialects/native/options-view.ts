import { type CallSpec, formatInstant, type JobSpec, type Rule } from '@outdial/core'

/*
 * The definition of a job in the words in which one is made: what is shown can be sent again. Durations are milliseconds.
 */

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** Said elsewhere in the view of a job, or no option. */
const ELSEWHERE = new Set([
  ...['kind', 'name', 'description', 'metadata', 'startAt', 'expiresAt', 'money'],
  ...['pool', 'asksNumber', 'ledger'],
])

/** What a job was made with, or changed to since; defaults included. */
export function optionsView(spec: JobSpec): Record<string, unknown> {
  const options = Object.fromEntries(Object.entries(spec).filter(([name]) => !ELSEWHERE.has(name)))
  if (spec.kind === 'operations') {
    const { keepOpen: _, ...rest } = options
    return rest
  }
  const { retry, window, caps, from, rules, cooldowns } = spec
  return {
    ...options,
    from: from.length === 1 ? from[0] : from,
    retry: Object.fromEntries(Object.entries(retry.rules).map(([outcome, plan]) => [outcome, planView(plan)])),
    window: window && windowView(window),
    caps: caps.map(capView),
    ...(cooldowns && { cooldowns: cooldowns.map(cooldownView) }),
    ...(rules && { rules: rules.map(ruleView) }),
  }
}

type Plan = NonNullable<CallSpec['retry']['rules'][keyof CallSpec['retry']['rules']]>

function planView(plan: Plan): object {
  const max = plan.max !== undefined && { max: plan.max }
  switch (plan.kind) {
    case 'delays':
      // A rule that never retries is an empty list.
      return plan.delays.length === 0
        ? []
        : { delays: plan.delays, jitter: plan.jitter, ...(plan.by && { by: plan.by }), ...max }
    case 'exponential': {
      const { first, factor, longest, jitter } = plan
      return { exponential: { first, factor, max: longest }, jitter, ...max }
    }
    case 'at':
      return { at: clock(plan.minute), after: plan.after, spread: plan.spread, ...max }
    case 'another': {
      const parts = plan.blocks.map(({ from, until }) => ({ from: clock(from), until: clock(until) }))
      return { anotherTimeOfDay: parts, after: plan.after, spread: plan.spread, ...max }
    }
  }
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

/** Minutes since midnight, as clocks show them. */
function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
