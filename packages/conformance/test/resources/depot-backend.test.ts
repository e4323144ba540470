import { describe, it } from 'vitest'
import { defineResourceConformance } from '../../src/resources/index.js'
import { depotHarness } from './support/depot-harness.js'

// Shows that all the rules can be kept, at once.
defineResourceConformance({ describe, it }, depotHarness('a back end with pages and a lag'))
