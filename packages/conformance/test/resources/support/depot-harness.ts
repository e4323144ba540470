import type { ResourceBackend } from '@outdial/core'
import type { ResourceHarness } from '../../../src/resources/index.js'
import { Depot, KEY } from './depot.js'
import { depotBackend } from './depot-backend.js'

/** Makes something else of each back end that the kit gets. */
export type Change = (inner: ResourceBackend, depot: Depot) => ResourceBackend

/** The depot and its back end, for the kit. */
export function depotHarness(name: string, change: Change = (inner) => inner): ResourceHarness {
  return {
    name,
    clock: 'given',
    async create(clock) {
      const depot = new Depot(clock)
      const make = (key: string, connections: number) => change(depotBackend(depot, { clock, key, connections }), depot)
      return {
        backend: make(KEY, 16),
        second: async () => make(KEY, 16),
        service: depot,
        secrets: [KEY],
        stranger: 'umbrella',
        data: (n) => ({ phonenumber: `+1202555${String(100 + n).padStart(4, '0')}`, name: `number ${n}` }),
        changes: (n) => ({ name: `changed ${n}`, color: 'green' }),
        nobody: (field) => (field === 'id' ? 'number-0' : '+12025550000'),
        wrongKey: async () => make('wrong-key', 16),
        narrow: async () => make(KEY, 1),
        destroy: async () => {},
      }
    },
  }
}
