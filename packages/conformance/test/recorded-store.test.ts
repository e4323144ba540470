import { describe, it } from 'vitest'
import { defineConformance } from '../src/index.js'
import { recordedStore } from './support/recorded-store.js'

// Shows that the rules of the levels that memory does not claim can be kept.
defineConformance(
  { describe, it },
  { name: 'a shared and durable store', clock: 'given', create: async () => recordedStore() },
  { runs: 25 },
)
