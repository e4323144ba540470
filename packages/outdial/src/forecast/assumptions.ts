import { type Outcome, OutdialError } from '@outdial/core'
import { type CallScript, DEFAULT_OUTCOMES, type DecideOutcome, type OutcomeMix, type Range } from '@outdial/simulation'

/** What a forecast takes people and networks to do. Durations in milliseconds. */
export interface Assumptions {
  /** What comes of calls, as weights. Default: those of the simulated carrier, a plausible list of consumers. */
  outcomes?: OutcomeMix
  /** By which share of itself the answer rate may be lower or higher: 0.2 (default) makes 30 % a range from 24 to 36 %. */
  uncertainty?: number
  /** How long it rings before somebody answers. Default `[2_000, 18_000]`. */
  ring?: Range
  /** How long is talked, with a person or onto a machine. Default `[15_000, 180_000]`. */
  talk?: Range
  /** Price of each started minute of talk. Default: none, and the forecast says no cost. */
  costPerMinute?: number
  /** All chance follows from it: the same seed is the same forecast. Default `1`. */
  seed?: number | string
}

/** Complete, and judged. */
export interface Assumed extends Required<Omit<Assumptions, 'costPerMinute'>> {
  costPerMinute: number | undefined
}

/** Fills in defaults. Throws `invalid_options` naming the field. */
export function assumed(given: Assumptions = {}): Assumed {
  const { outcomes = DEFAULT_OUTCOMES, uncertainty = 0.2, seed = 1, costPerMinute } = given
  if (!(uncertainty >= 0 && uncertainty < 1)) throw invalid('uncertainty', `is a share from 0 to 1, not ${uncertainty}`)
  if (costPerMinute !== undefined && !(costPerMinute >= 0)) throw invalid('costPerMinute', 'must not be negative')
  const { ring = [2_000, 18_000], talk = [15_000, 180_000] } = given
  for (const [name, [least, most]] of Object.entries({ ring, talk })) {
    if (!(least >= 0 && most >= least && Number.isFinite(most))) throw invalid(name, 'is [min, max] in milliseconds')
  }
  return { outcomes, uncertainty, ring, talk, seed, costPerMinute }
}

/** How a forecast looks at it: fewer people answer than assumed, as many, or more. */
export type Outlook = 'low' | 'expected' | 'high'

/** The weights, with more or fewer answers. */
export function mixFor({ outcomes, uncertainty }: Assumed, outlook: Outlook): OutcomeMix {
  const by = { low: 1 - uncertainty, expected: 1, high: 1 + uncertainty }[outlook]
  return { ...outcomes, answered: (outcomes.answered ?? 0) * by }
}

/**
 * What becomes of each call. Whatever happens in a call happens at a multiple of `tick`: many calls then change in the same
 * instant, which an engine is told of in one step, and no forecast is true to the second.
 */
export function courseOf({ ring, talk }: Assumed, mix: OutcomeMix, tick: number): DecideOutcome {
  const weights = Object.entries(mix).filter(([, weight]) => weight > 0) as [Outcome, number][]
  const sum = weights.reduce((all, [, weight]) => all + weight, 0)
  return (_, random): CallScript => {
    let left = random.next() * sum
    let outcome = weights.at(-1)?.[0] as Outcome
    for (const [name, weight] of weights) {
      left -= weight
      if (left >= 0) continue
      outcome = name
      break
    }
    return { outcome, ring: within(ring, random.next(), tick), talk: within(talk, random.next(), tick) }
  }
}

function within([least, most]: Range, chance: number, tick: number): number {
  return Math.round((least + chance * (most - least)) / tick) * tick
}

function invalid(field: string, problem: string): OutdialError {
  return new OutdialError('invalid_options', `assume.${field} ${problem}`, { field: `assume.${field}` })
}
