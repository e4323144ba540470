import { POLICY_FLAGS, POLICY_NAMES } from '../campaign/flags.js'
import type { Flag } from '../command.js'
import { RUN_FLAGS } from '../run/flags.js'
import { STORED_FLAGS } from '../stored/flags.js'

/** What is taken where a flag is left out. */
export const DEFAULTS = { concurrency: 50, attempts: 3, timezone: 'UTC', answered: 0.45, talk: [15, 180] } as const

/** What says how a campaign is run is the same as with `outdial run`. */
const SHARED = ['concurrency', 'cps', 'attempts', 'window', 'timezone', 'region']

/** What a campaign that is kept says itself. */
export const FILE_ONLY: readonly string[] = [
  ...SHARED,
  ...POLICY_NAMES.filter((name) => name !== 'price' && name !== 'rates'),
  'start',
]

/** The flags of `outdial forecast`, in the order of its help. */
export const FORECAST_FLAGS: readonly Flag[] = [
  ...RUN_FLAGS.filter(({ name }) => SHARED.includes(name)),
  {
    name: 'start',
    value: 'TIME',
    help: 'When it begins, such as 2027-01-04T09:00; in --timezone unless it says otherwise. Default: now.',
  },
  {
    name: 'answered',
    value: 'SHARE',
    help: `How many calls a person answers, from 0 to 1. Default ${DEFAULTS.answered}.`,
  },
  {
    name: 'talk',
    value: 'SECONDS',
    help: `How long is talked, such as 60 or 30-120. Default ${DEFAULTS.talk.join('-')}.`,
  },
  ...POLICY_FLAGS,
  ...STORED_FLAGS,
  {
    name: 'sample',
    value: 'N',
    help: 'With --job: run so many of the contacts, which stand for all. Default 20,000.',
  },
  { name: 'json', help: 'Standard output is one line of JSON.' },
]
