import type { CapOptions, CooldownOptions } from 'outdial'
import type { PlannedWindow } from './plan.js'
import type { NumberLimits, PlannedBudget } from './plan-guards.js'

/** Something that a user changes while calls are made. `of` is what it replaces: only the last change of it counts. */
export type PolicyChange =
  | { of: `window ${string}`; window: PlannedWindow | null }
  | { of: `caps ${string}`; caps: readonly CapOptions[] }
  | { of: `cooldowns ${string}`; cooldowns: readonly CooldownOptions[] }
  /** Of a job; null: no limit. */
  | { of: `budget ${keyof PlannedBudget} ${string}`; most: number | null }
  /** Of one number of an organization. */
  | { of: `number ${keyof NumberLimits} ${string}`; most: number | null }
  /** Of one number on one list. */
  | { of: `listed ${string}`; listed: boolean }

interface Entry<Change> {
  change: Change
  /** Undefined: asked, and nothing was heard of it yet. */
  heardAt?: number
  askedAt: number
}

/**
 * What may be in force, by what users asked and heard alone. From the moment in which a user hears that a change was made, what
 * was heard before it was asked is not in force any more; before that either may be. What was never answered may be in
 * force for ever.
 */
export class PolicyBook {
  readonly #entries: Map<string, Entry<PolicyChange>[]> = new Map()
  #turn = 0

  ask(change: PolicyChange): void {
    const entries = this.#entries.get(change.of) ?? []
    this.#entries.set(change.of, entries)
    entries.push({ change, askedAt: ++this.#turn })
  }

  hear(change: PolicyChange): void {
    const entries = this.#entries.get(change.of) ?? []
    const heard = entries.find((entry) => entry.change === change)
    if (!heard) throw new Error(`nobody asked for this change of ${change.of}`)
    heard.heardAt = ++this.#turn
    const { askedAt } = heard
    const left = entries.filter(({ heardAt = Number.POSITIVE_INFINITY }) => heardAt >= askedAt)
    this.#entries.set(change.of, left)
  }

  /** It was refused, and changed nothing. */
  refuse(change: PolicyChange): void {
    const entries = this.#entries.get(change.of) ?? []
    this.#entries.set(
      change.of,
      entries.filter((entry) => entry.change !== change),
    )
  }

  /** Everything that may be in force; empty when nobody has ever said anything of it. */
  inForce<Of extends PolicyChange['of']>(of: Of): Extract<PolicyChange, { of: Of }>[] {
    return (this.#entries.get(of) ?? []).map(({ change }) => change as Extract<PolicyChange, { of: Of }>)
  }
}
