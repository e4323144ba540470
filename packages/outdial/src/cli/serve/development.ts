import type { Config } from './config.js'
import { DIALECTS, type DialectName } from './dialects.js'

/*
 * What `outdial serve` serves when nothing else is said. The ids and numbers are those that the services' own pages print,
 * so that what is pasted from there meets something here; the rest is in ranges reserved for fiction.
 */

const EXAMPLE = 'e3yn0c4mivqs8y4yhb5k'
const OTHER = 'globex'

/** A configuration for development: nobody is called, nothing is bought. */
export const DEVELOPMENT: Partial<Config> = {
  dialects: Object.keys(DIALECTS) as DialectName[],
  organizations: [
    { id: EXAMPLE, name: 'Example Inc.', concurrency: 5, credits: 100_000 },
    { id: OTHER, name: 'Globex', concurrency: 5, credits: 100_000 },
  ],
  keys: [
    { organization: EXAMPLE, key: { generate: true }, secret: { generate: true } },
    { organization: OTHER, key: { generate: true }, secret: { generate: true } },
  ],
  numbers: [
    {
      id: 'phone_abc123',
      phone: '+13035550100',
      organization: EXAMPLE,
      agent: 'agent_7ff47846-c8a0-4304-ae13-88cfc31c1a03',
      metadata: { architecture: 'pipeline' },
    },
    {
      id: 'pn_2',
      phone: '+14157774444',
      organization: EXAMPLE,
      agent: 'agent_7ff47846-c8a0-4304-ae13-88cfc31c1a03',
      metadata: { architecture: 'realtime' },
    },
    // Nobody talks behind it.
    { id: 'pn_3', phone: '+13035550101', organization: EXAMPLE },
    { id: 'pn_4', phone: '+13035550102', organization: OTHER, agent: 'agent_globex' },
  ],
  carriers: { simulated: { kind: 'simulated', setup: [300, 1000], ring: [1000, 3000], talk: [2000, 8000] } },
  // Credits are cents: what a started minute costs, and a call to a mobile number of the Caribbean. Behind a campaign they are seen to go.
  rates: {
    simulated: {
      version: 'development',
      prefixes: { '+1': { perMinute: 2, billing: '60/60' }, '+1876': { perMinute: 30, billing: '60/60' } },
      default: { perMinute: 10, billing: '60/60', perCall: 1 },
      // What the simulated carrier says of costs is nobody's price.
      book: 'rate',
    },
  },
  resources: {
    kind: 'simulated',
    latency: [50, 300],
    numbers: {
      [EXAMPLE]: [
        { phonenumber: '+19715555098', id: '2637816387126861836' },
        { phonenumber: '+19705555099', id: '2637816387126861837' },
        { phonenumber: '+19705555098', id: '33081887126861836' },
        { phonenumber: '+19705551234', id: '3388768018273' },
        { phonenumber: '+13127367254', id: '1583466971586889004' },
      ],
      [OTHER]: ['+14155550150', '+14155550151'],
    },
  },
}
