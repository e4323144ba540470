import { memoryStorage } from '@outdial/storage-memory'
import { describe, it } from 'vitest'
import { defineConformance } from '../src/index.js'

defineConformance(
  { describe, it },
  {
    name: 'memoryStorage',
    clock: 'given',
    create: async () => ({ storage: memoryStorage(), destroy: async () => {} }),
  },
  // MODEL_RUNS=5000 for a long search, MODEL_SEED for another one.
  { runs: Number(process.env.MODEL_RUNS ?? 100), seed: Number(process.env.MODEL_SEED ?? 1) },
)
