import { type RateSheet, type RateTable, rateTable } from '@outdial/core'

/** Rates that calls are booked at whatever a carrier says: the simulated one's price is the forecast's. Throws `invalid_options`. */
export function byRate(rates: RateSheet | RateTable): RateTable {
  const table = 'rateOf' in rates ? rates : rateTable(rates)
  return { book: 'rate', rateOf: (phone) => table.rateOf(phone) }
}
