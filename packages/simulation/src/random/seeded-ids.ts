import type { IdSource } from '@outdial/core'
import { sixLetters } from './letters.js'
import { words } from './seeded-random.js'

/**
 * Identifiers that are the same for the same seed: 90 random bits each, drawn in the order in which they are asked for.
 * Two engines over one store need two seeds, or they make the same ids.
 */
export function seededIds(seed: number | string): IdSource {
  const word = words(seed)
  return { id: (prefix) => `${prefix}_${sixLetters(word())}${sixLetters(word())}${sixLetters(word())}` }
}
