import type { Random } from '@outdial/core'
import { hashSeed, mix } from './hash.js'

/**
 * Randomness that is the same for the same seed, on every machine and for ever.
 *
 * The generator is sfc32 ("small fast counting"), published by Chris Doty-Humphrey with PractRand: three words that are
 * shifted, added and rotated into each other, and a counter which keeps every period above 2^32. Each number uses 53 bits
 * of two steps. Good for jitter and simulations, worthless for secrets.
 */
export function seededRandom(seed: number | string): Random {
  const word = words(seed)
  return { next: () => ((word() >>> 5) * 67_108_864 + (word() >>> 6)) / 9_007_199_254_740_992 }
}

/** The same generator, 32 bits at a time. */
export function words(seed: number | string): () => number {
  const hash = hashSeed(seed)
  let a = hash
  let b = mix(hash ^ 0x9e3779b9)
  let c = mix(hash + 0x7f4a7c15)
  let counter = 1
  const word = (): number => {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  // The first words still resemble the seed.
  for (let round = 0; round < 12; round++) word()
  return word
}
