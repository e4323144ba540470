import { OutdialError } from '../errors/outdial-error.js'
import { parseObject } from '../policy/objects.js'
import type { Carrier } from '../ports/carrier.js'
import { type RateSheet, type RateTable, rateTable } from './rates.js'

/** Rates by carrier name: data, or a host's own table. */
export type RouteRates = Readonly<Record<string, RateSheet | RateTable>>

/** Reads the rates of an engine; throws `invalid_options` naming the place. */
export function routeRates(
  given: RouteRates,
  carriers: Readonly<Record<string, Pick<Carrier, 'capabilities'>>>,
): ReadonlyMap<string, RateTable> {
  const tables = new Map<string, RateTable>()
  for (const [route, rates] of Object.entries(parseObject(given, 'rates'))) {
    const field = `rates.${route}`
    const carrier = Object.hasOwn(carriers, route) ? carriers[route] : undefined
    if (!carrier) throw new OutdialError('invalid_options', `${field}: there is no such carrier`, { field })
    const table = isTable(rates, field) ? rates : rateTable(rates, field)
    const { costUnit } = carrier.capabilities
    tables.set(route, table.costUnit === undefined && costUnit !== undefined ? withUnit(table, costUnit) : table)
  }
  return tables
}

/** A table of the host's own is asked for rates; anything else has to be data. */
function isTable(rates: RateSheet | RateTable, field: string): rates is RateTable {
  parseObject(rates, field)
  if (!('rateOf' in rates)) return false
  if (typeof rates.rateOf === 'function') return true
  throw new OutdialError('invalid_options', `${field}.rateOf: expected a function`, { field: `${field}.rateOf` })
}

/** A host's table may be an object of a class: it is asked, not copied. */
function withUnit(table: RateTable, costUnit: number): RateTable {
  const { book, version } = table
  return { book, costUnit, ...(version !== undefined && { version }), rateOf: (phone) => table.rateOf(phone) }
}
