import type { Random } from '@outdial/core'
import { hashText, mix } from '../random/hash.js'

/** A pair of bounds, both included. */
export type Range = readonly [min: number, max: number]

/** What a call's chance decides, each from a number of its own, so that a new decision changes none of the others. */
export const SLOT = {
  outcome: 1,
  setup: 2,
  ring: 3,
  talk: 4,
  sendDelay: 5,
  replyDelay: 6,
  transit: 7,
  visible: 8,
  host: 9,
  forgery: 10,
  lookup: 11,
  hangup: 12,
  /** And the seven after it: per type of event and copy. */
  lateness: 16,
  // 32 to 199 belong to the faults.
  /** And the ones after it: the `random` given to a host's function. */
  hostRandom: 1024,
} as const

/**
 * The chance of one call: a function of the seed, the number called and which attempt it is, and of nothing else. In what
 * order calls were placed, how many at once and by which worker makes no difference to what happens to each.
 */
export function chanceOf(seed: number, to: string, attempt: number): number {
  return mix(hashText(to, seed) + Math.imul(attempt, 0x9e3779b9))
}

/** A number in `[0, 1)` for one decision of a call. */
export function draw(chance: number, slot: number): number {
  return mix(chance ^ Math.imul(slot, 0x85ebca6b)) / 4_294_967_296
}

/** Whole milliseconds within a range for one decision of a call. */
export function drawWithin(chance: number, slot: number, [min, max]: Range): number {
  return min === max ? min : min + Math.floor(draw(chance, slot) * (max - min + 1))
}

/** As many numbers for one call as a host's function asks for. */
export function randomOf(chance: number): Random {
  let slot: number = SLOT.hostRandom
  return { next: () => draw(chance, slot++) }
}
