import fc from 'fast-check'
import type { Command, Drawn } from './commands/command.js'
import { controls } from './commands/control.js'
import { conversations, freezes, requests, thaws, work } from './commands/converse.js'
import { creations } from './commands/create-job.js'
import { crashes, lateArrivals, resendings } from './commands/faults.js'
import { intakes } from './commands/intake.js'
import { acknowledgements, ledgerPages } from './commands/ledger.js'
import { limitChanges, listEdits, listScans, loosenings } from './commands/limits.js'
import { overdues, reads, removals } from './commands/look.js'
import { marks, restarts, rollbacks } from './commands/recovery.js'
import { waits } from './commands/time.js'

const looksAtPeople: Drawn = fc.oneof(listScans, ledgerPages, ledgerPages, acknowledgements)

/** In proportion: mostly work, with everything else in between. */
const usual: readonly Drawn[] = [
  ...[work, work, work, work, work, work],
  ...[conversations, conversations, conversations, requests, requests],
  ...[waits, waits, waits, controls, controls, limitChanges, loosenings, creations, intakes, intakes],
  ...[overdues, listEdits, looksAtPeople, reads, removals],
]
const faults: readonly Drawn[] = [
  resendings,
  resendings,
  resendings,
  lateArrivals,
  crashes,
  freezes,
  freezes,
  thaws,
  thaws,
]

const sequence = (drawn: readonly Drawn[], maxLength: number, minLength = 0): fc.Arbitrary<Command<unknown>[]> =>
  fc.array(fc.oneof(...drawn), { minLength, maxLength, size: 'max' })

/** Something to work on from the beginning. */
export const beginnings: fc.Arbitrary<Command<unknown>[]> = sequence(
  [creations, creations, creations, creations, limitChanges],
  6,
  3,
)

/** Commands of one client. */
export const commands: fc.Arbitrary<Command<unknown>[]> = sequence(usual, 80)

/** Commands of two to four clients, each with what can become of it. */
export const crowds: fc.Arbitrary<Command<unknown>[][]> = fc.array(sequence([...usual, ...faults], 30), {
  minLength: 2,
  maxLength: 4,
})

/** Commands between which the store crashes. */
export const withRestarts: fc.Arbitrary<Command<unknown>[]> = sequence(
  [...usual, ...faults, restarts, restarts, restarts],
  50,
)

/** Commands between which the store comes back older than it was. */
export const withRollbacks: fc.Arbitrary<Command<unknown>[]> = sequence(
  [...usual, ...faults, marks, marks, rollbacks, rollbacks],
  50,
)
