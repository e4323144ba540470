import { POLICY_FLAGS, POLICY_NAMES, RATE_FLAGS } from '../campaign/flags.js'
import type { Flag } from '../command.js'
import { FORECAST_FLAGS } from '../forecast/flags.js'
import { STORED_FLAGS } from '../stored/flags.js'

const RUN: readonly string[] = ['attempts', 'window', 'timezone', 'region', 'start']
/** What says how the campaign of a FILE is run. */
export const FILE_FLAGS: readonly string[] = [
  ...RUN,
  ...POLICY_NAMES.filter((name) => !RATE_FLAGS.some((flag) => flag.name === name)),
]

/** The flags of `outdial preflight`, in the order of its help. */
export const PREFLIGHT_FLAGS: readonly Flag[] = [
  ...FORECAST_FLAGS.filter(({ name }) => RUN.includes(name)),
  ...POLICY_FLAGS,
  ...STORED_FLAGS,
  { name: 'json', help: 'Standard output is one line of JSON.' },
]
