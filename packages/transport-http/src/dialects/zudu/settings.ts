import { type Duration, OutdialError, parseDuration } from '@outdial/core'

/** How Zudu is spoken. */
export interface ZuduOptions {
  /** How statuses are written: its older pages have them in upper case. Both are read. Default `lower`. */
  statuses?: 'lower' | 'upper'
  /** How long a `tasks_url` can be used after it was given out. Default `'1h'`. */
  tasksUrlLifetime?: Duration
}

/** The options, checked and completed. */
export interface Settings {
  upper: boolean
  /** Milliseconds. */
  lifetime: number
}

/** Throws `invalid_options` naming the option. */
export function settingsOf({ statuses = 'lower', tasksUrlLifetime = '1h' }: ZuduOptions): Settings {
  if (statuses !== 'lower' && statuses !== 'upper')
    throw new OutdialError('invalid_options', "statuses: expected 'lower' or 'upper'", { field: 'statuses' })
  return { upper: statuses === 'upper', lifetime: parseDuration(tasksUrlLifetime, 'tasksUrlLifetime') }
}
