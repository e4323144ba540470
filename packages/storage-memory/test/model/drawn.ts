import fc from 'fast-check'
import { controls } from './commands/control.js'
import { conversations, requests, work } from './commands/converse.js'
import { creations } from './commands/create-job.js'
import { intakes } from './commands/intake.js'
import { limitChanges, listEdits, loosenings } from './commands/limits.js'
import { overdues, reads, removals } from './commands/look.js'
import { waits } from './commands/time.js'

/** Something to work on from the beginning. */
export const beginnings = fc.array(
  fc.oneof({ weight: 4, arbitrary: creations }, { weight: 1, arbitrary: limitChanges }),
  {
    minLength: 3,
    maxLength: 6,
    size: 'max',
  },
)

/** In proportion: mostly work, with everything else in between. */
export const commands = fc.commands(
  [
    ...[work, work, work, work, work, work],
    ...[conversations, conversations, conversations, requests, requests],
    ...[waits, waits, waits, controls, controls, limitChanges, loosenings, creations, intakes, intakes],
    ...[overdues, listEdits, reads, removals],
  ],
  { maxCommands: 80, size: 'max' },
)
