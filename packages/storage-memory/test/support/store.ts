import type { Storage } from '@outdial/core'
import { type ManualClock, manualClock } from '../../../conformance/src/support/manual-clock.js'
import { memoryStorage } from '../../src/index.js'

export interface Opened {
  storage: Storage
  clock: ManualClock
}

/** A store with a clock of its own and randomness that is always the same. */
export async function openStore(): Promise<Opened> {
  const clock = manualClock()
  const storage = memoryStorage()
  let seed = 1
  const next = (): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  await storage.open({ clock, random: { next } })
  return { storage, clock }
}
