import { describe, it } from 'node:test'
import { memoryStorage } from '@outdial/storage-memory'
import { defineCarrierConformance } from '../../src/carriers/index.js'
import { defineConformance } from '../../src/index.js'
import { defineResourceConformance } from '../../src/resources/index.js'
import { exchangeHarness } from '../carriers/support/exchange-harness.js'
import { depotHarness } from '../resources/support/depot-harness.js'

defineConformance(
  { describe, it },
  { name: 'memory', clock: 'given', create: async () => ({ storage: memoryStorage(), destroy: async () => {} }) },
  { runs: 2 },
)
defineCarrierConformance({ describe, it }, exchangeHarness('exchange'))
defineResourceConformance({ describe, it }, depotHarness('depot'))
