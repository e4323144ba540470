import type { Outcome } from '@outdial/core'
import type { Ending } from '../harness.js'

const RIGHT: Readonly<Record<Ending, readonly Outcome[]>> = {
  completed: ['answered'],
  busy: ['busy'],
  no_answer: ['no_answer'],
  invalid_number: ['invalid_number'],
  rejected: ['rejected'],
  voicemail: ['voicemail', 'answered'],
  // Both are somebody else's fault than the contact's.
  network_error: ['network_error', 'carrier_error'],
  canceled: ['canceled'],
}

/** The outcomes that are right for a call that ended so. */
export function outcomesOf(how: Ending): readonly Outcome[] {
  return RIGHT[how]
}
