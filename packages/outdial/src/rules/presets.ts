import type { RuleSet } from '@outdial/core'
import { france } from './france.js'
import { florida, oklahoma, regulationF, unitedStates } from './united-states.js'

/** The rule sets that come along, by the names that the command line and the configuration of `outdial serve` have for them. */
export const presets = {
  'united-states': unitedStates,
  florida,
  oklahoma,
  'regulation-f': regulationF,
  france,
} as const satisfies Readonly<Record<string, () => RuleSet>>

/** See {@link presets}. */
export type PresetName = keyof typeof presets

/** Whether there is a rule set of this name. */
export function isPreset(name: string): name is PresetName {
  return Object.hasOwn(presets, name)
}
