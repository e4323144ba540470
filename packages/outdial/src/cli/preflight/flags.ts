import type { Flag } from '../command.js'
import { FORECAST_FLAGS } from '../forecast/flags.js'
import { STORED_FLAGS } from '../stored/flags.js'

/** What says how the campaign of a FILE is run. */
export const FILE_FLAGS: readonly string[] = ['attempts', 'window', 'timezone', 'region', 'start']

/** The flags of `outdial preflight`, in the order of its help. */
export const PREFLIGHT_FLAGS: readonly Flag[] = [
  ...FORECAST_FLAGS.filter(({ name }) => FILE_FLAGS.includes(name)),
  ...STORED_FLAGS,
  { name: 'json', help: 'Standard output is one line of JSON.' },
]
