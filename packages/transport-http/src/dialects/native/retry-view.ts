import type { CallSpec } from '@outdial/core'

type Plan = NonNullable<CallSpec['retry']['rules'][keyof CallSpec['retry']['rules']]>

/** When a campaign calls again, by outcome, in the words in which it is said. */
export function retryView({ rules }: CallSpec['retry']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(rules).map(([outcome, plan]) => [outcome, planView(plan)]))
}

function planView(plan: Plan): unknown {
  const max = plan.max !== undefined && { max: plan.max }
  switch (plan.kind) {
    case 'delays': {
      const { delays, by, jitter } = plan
      // A plain list: one that never retries, or has more delays than a rule may count.
      if (delays.length === plan.max && jitter === 0 && by === undefined) return delays
      return { delays, ...(by && { by }), jitter, ...max }
    }
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

/** Minutes since midnight, as clocks show them. */
export function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
