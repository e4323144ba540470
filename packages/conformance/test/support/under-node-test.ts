import { describe, it } from 'node:test'
import { memoryStorage } from '@outdial/storage-memory'
import { defineConformance } from '../../src/index.js'

defineConformance(
  { describe, it },
  { name: 'memory', clock: 'given', create: async () => ({ storage: memoryStorage(), destroy: async () => {} }) },
  { runs: 2 },
)
