import { describe, it } from 'vitest'
import { defineCarrierConformance } from '../../src/carriers/index.js'
import { exchangeHarness } from './support/exchange-harness.js'

// Shows that all the rules can be kept, at once.
defineCarrierConformance({ describe, it }, exchangeHarness('a carrier with webhooks'))
defineCarrierConformance({ describe, it }, exchangeHarness('a carrier that pushes', { pushes: true }))
