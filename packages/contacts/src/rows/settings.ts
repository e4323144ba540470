import type { ReadOptions } from '@outdial/core'
import type { CountryCode } from 'libphonenumber-js/min'
import { knownZone } from '../fields/timezone.js'
import { readRegion } from '../phone/read-phone.js'
import { optionError, show } from '../problems.js'
import { Columns } from './columns.js'

/** `ReadOptions`, checked: what every row is read by. */
export interface RowSettings<Variables> {
  columns: Columns
  region: CountryCode | undefined
  zone: string
  variables: ReadOptions<Variables>['variables']
}

/** Throws `invalid_options` for options that are wrong. */
export function rowSettings<Variables>(options: ReadOptions<Variables>): RowSettings<Variables> {
  const { timezone = 'UTC' } = options
  const zone = knownZone(timezone)
  if (zone === undefined) throw optionError('timezone', `${show(timezone)} is not an IANA time zone`)
  return {
    columns: new Columns(options.columns),
    region: readRegion(options.defaultRegion),
    zone,
    variables: options.variables,
  }
}
