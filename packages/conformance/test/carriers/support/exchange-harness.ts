import type { Carrier } from '@outdial/core'
import type { CarrierHarness } from '../../../src/carriers/index.js'
import { Exchange, KEY, OWNED, SECRET } from './exchange.js'
import { exchangeCarrier } from './exchange-carrier.js'

/** Makes something else of each carrier that the kit gets. */
export type Change = (inner: Carrier, exchange: Exchange) => Carrier

/** The exchange and its carrier, for the kit. */
export function exchangeHarness(
  name: string,
  { pushes = false, change = (inner: Carrier) => inner }: { pushes?: boolean; change?: Change } = {},
): CarrierHarness {
  return {
    name,
    clock: 'given',
    async create(clock) {
      const exchange = new Exchange(clock, pushes)
      const make = (key: string, connections: number) =>
        change(exchangeCarrier(exchange, { clock, key, connections, pushes }), exchange)
      return {
        carrier: make(KEY, 32),
        second: async () => make(KEY, 32),
        service: exchange,
        secrets: [KEY, SECRET],
        call: { agent: 'greeter', variables: { name: 'Ada' }, from: OWNED },
        notOwned: '+12025550198',
        wrongKey: async () => make('wrong-key', 32),
        narrow: async () => make(KEY, 1),
        destroy: async () => {},
      }
    },
  }
}
