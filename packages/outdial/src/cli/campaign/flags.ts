import { presets } from '../../rules/presets.js'
import type { Flag } from '../command.js'

/** What says what calls cost. */
export const RATE_FLAGS: readonly Flag[] = [
  { name: 'price', value: 'N', help: 'What each started minute costs, whatever the number. Default: nobody knows.' },
  {
    name: 'rates',
    value: 'FILE',
    help: 'What calls cost by the beginning of the number: JSON, {"prefixes": {"+1": {"perMinute": 0.85}}}.',
  },
]

/** What says what a campaign may do, beside its hours and its paces. */
export const POLICY_FLAGS: readonly Flag[] = [
  {
    name: 'suppress',
    value: 'FILE',
    help: 'Numbers not to be called: text with one a line, or .csv, .tsv, .json, .jsonl with a column "phone".',
  },
  {
    name: 'rules',
    value: 'NAMES',
    help: `Rules about people's places besides, with commas: ${Object.keys(presets).join(', ')}, or a .json file of rule sets. Default: none.`,
  },
  ...RATE_FLAGS,
  {
    name: 'budget',
    value: 'N',
    help: 'What it may spend in all, in whole units of what --price or --rates say. Default: no limit.',
  },
  {
    name: 'daily-budget',
    value: 'N',
    help: 'What it may spend a day, by the clocks of --timezone. Default: no limit.',
  },
  {
    name: 'options',
    value: 'FILE',
    help: 'More options of the campaign, JSON, by the names of the library: retry, caps, cooldowns, callerIds, window … A flag counts more.',
  },
]

/** Their names. */
export const POLICY_NAMES: readonly string[] = POLICY_FLAGS.map(({ name }) => name)
